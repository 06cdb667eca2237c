/** The arguments of `external-secrets render`. */
import { Command } from 'commander';
import type { RenderOptions } from './render/render.ts';

/** Starts nothing: the action imports what it needs. */
export function renderCommand(): Command {
  return new Command('render')
    .description(
      'Prints the Secrets that the templates of ExternalSecrets and PushSecrets make of given values: ' +
        'no cluster, no store, no network. Values are masked.',
    )
    .requiredOption('-f, --file <path...>', 'manifests, with the ConfigMaps and Secrets that templateFrom names')
    .option('-d, --data <path...>', 'what the store would give: a YAML or JSON map of keys and values')
    .option('--show', 'print the values', false)
    .option('--key <key>', 'print the value of this key alone')
    .option('--name <name>', 'only the manifest of this name')
    .option('--template-left-delimiter <text>', 'opens an action in templates', '{{')
    .option('--template-right-delimiter <text>', 'closes an action in templates', '}}')
    .addHelpText(
      'after',
      `
Exit codes: 0 all rendered; 1 a template or manifest is wrong; 2 nothing to render, or a file cannot be read.

Examples:
  external-secrets render -f externalsecret.yaml --data values.yaml
  external-secrets render -f externalsecret.yaml -f templates.yaml --data values.yaml --key config.yaml --show
`,
    )
    .action(async (options: RenderOptions) => {
      const { runRender } = await import('./render/run.ts');
      process.exitCode = await runRender(options);
    });
}
