/** The one error of the YAML reader and writer; its text is what go-yaml v2 says, without the leading `yaml: `. */
export class YamlError extends Error {
  override readonly name = 'YamlError';
}
