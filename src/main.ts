#!/usr/bin/env node
/** `external-secrets`: from arguments to a command. */
import { Command, CommanderError } from 'commander';
import { certControllerCommand } from './cmd/certcontrollercommand.ts';
import { addController } from './cmd/controller.ts';
import { devCommand } from './cmd/dev/options.ts';
import { generateCommand } from './cmd/generatecommand.ts';
import { renderCommand } from './cmd/rendercommand.ts';
import { webhookCommand } from './cmd/webhookcommand.ts';
import { certControllerFlags, controllerFlags } from './flags.ts';
import { normalizeArguments } from './flagset.ts';
import { toError } from './runtime/errors.ts';
import { version } from './version.ts';

const program = new Command('external-secrets')
  .description('Keeps Kubernetes Secrets in step with external secret stores. Without a command: the controller.')
  .version(version)
  .enablePositionalOptions()
  .showSuggestionAfterError()
  .addCommand(webhookCommand())
  .addCommand(certControllerCommand())
  .addCommand(devCommand())
  .addCommand(renderCommand())
  .addCommand(generateCommand());
addController(program);

try {
  await program
    .exitOverride()
    .parseAsync(normalizeArguments(process.argv, [...controllerFlags, ...certControllerFlags]));
} catch (error) {
  // commander has said already what is wrong with the arguments.
  if (error instanceof CommanderError) process.exit(error.exitCode);
  process.stderr.write(`external-secrets: ${toError(error).message}\n`);
  process.exitCode = 1;
}
