/** The arguments of `external-secrets dev`. */
import { Command, Option } from 'commander';

export interface DevOptions {
  readonly file: readonly string[];
  readonly out?: string | undefined;
  readonly kubeconfig?: string | undefined;
  readonly port: number;
  readonly once: boolean;
  readonly timeout: number;
  readonly loglevel: string;
}

/** Starts nothing: the action imports what it needs. */
export function devCommand(): Command {
  return new Command('dev')
    .description(
      'Runs the whole operator with no cluster: manifests from files, real providers, a live table. ' +
        'Files are watched, and kubectl works with the kubeconfig that is printed.',
    )
    .requiredOption('-f, --file <path...>', 'manifests: files, or folders with .yaml, .yml and .json files')
    .option('--out <dir>', 'write each Secret as files under DIR/NAMESPACE/NAME/, readable by you alone')
    .option('--kubeconfig <path>', 'where to write the kubeconfig; default: a temporary folder')
    .addOption(new Option('--port <number>', 'port of the API server; 0: a free one').default(0).argParser(wholeNumber))
    .option('--once', 'exit as soon as every ExternalSecret is ready (0) or failed (1)', false)
    .addOption(
      new Option('--timeout <seconds>', 'with --once: give up after this time').default(60).argParser(wholeNumber),
    )
    .option('--loglevel <level>', "level of the operator's log file", 'info')
    .addHelpText('after', '\nExample:\n  external-secrets dev -f examples/demo --out ./secrets\n')
    .action(async (options: DevOptions) => {
      const { runDev } = await import('./dev.ts');
      process.exitCode = await runDev(options);
    });
}

function wholeNumber(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new Error(`"${text}" is not a whole number`);
  return value;
}
