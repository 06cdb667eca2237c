/** `external-secrets webhook`, with ESO's flags. Starts nothing: the action imports what it needs. */
import { Command } from 'commander';
import { processEnvironment, webhookConfig } from '../config.ts';
import { webhookFlags } from '../flags.ts';
import { addFlags, readFlags } from '../flagset.ts';

export function webhookCommand(): Command {
  const command = new Command('webhook').description(
    'Validates ExternalSecrets and stores when they are written: called by the API server over TLS.',
  );
  addFlags(command, webhookFlags);
  return command.action(async () => {
    const { runWebhook } = await import('./webhook.ts');
    await runWebhook(webhookConfig(readFlags(command, webhookFlags), processEnvironment()));
  });
}
