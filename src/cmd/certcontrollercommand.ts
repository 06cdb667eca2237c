/** `external-secrets certcontroller`, with ESO's flags. Starts nothing: the action imports what it needs. */
import { Command } from 'commander';
import { certControllerConfig, processEnvironment } from '../config.ts';
import { certControllerFlags } from '../flags.ts';
import { addFlags, readFlags } from '../flagset.ts';

export function certControllerCommand(): Command {
  const command = new Command('certcontroller').description(
    "Makes and renews the webhook's certificate, and has the API server trust it.",
  );
  addFlags(command, certControllerFlags);
  return command.action(async () => {
    const { runCertController } = await import('./certcontroller.ts');
    await runCertController(certControllerConfig(readFlags(command, certControllerFlags), processEnvironment()));
  });
}
