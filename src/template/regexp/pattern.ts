/** Rewrites the two things that Go's patterns may contain and the RE2 port does not read. */

/** Unicode's long names of categories, without case, spaces, hyphens and underscores. */
const categories: ReadonlyMap<string, string> = new Map(
  (
    'casedletter LC closepunctuation Pe combiningmark M connectorpunctuation Pc control Cc currencysymbol Sc ' +
    'dashpunctuation Pd decimalnumber Nd enclosingmark Me finalpunctuation Pf format Cf initialpunctuation Pi letter L ' +
    'letternumber Nl lineseparator Zl lowercaseletter Ll mark M mathsymbol Sm modifierletter Lm modifiersymbol Sk ' +
    'nonspacingmark Mn number N openpunctuation Ps other C otherletter Lo othernumber No otherpunctuation Po ' +
    'othersymbol So paragraphseparator Zp privateuse Co punctuation P separator Z spaceseparator Zs spacingmark Mc ' +
    'surrogate Cs symbol S titlecaseletter Lt unassigned Cn uppercaseletter Lu cntrl Cc digit Nd punct P'
  )
    .match(/\S+ \S+/g)
    ?.map((pair) => {
      const [name = '', category = ''] = pair.split(' ');
      return [name, category] as const;
    }) ?? [],
);

const escape = /\\Q.*?(?:\\E|$)|(\\[pP]\{)(\^?)([^}\\]*)\}|\\./gs;

/** A pattern with other names in it, and the way back for the pieces of it that errors show. */
export interface Rewritten {
  readonly pattern: string;
  restore(fragment: string): string;
}

/**
 * Puts the name that the RE2 port knows for each `\p{name}`. As Go 1.26 does, names are looked up with one capital
 * letter and without underscores, which is why its scripts of several words (`Old_Italic`) are never found.
 */
export function renameClasses(pattern: string): Rewritten {
  const changes: Array<{ at: number; from: string; to: string }> = [];
  let growth = 0;
  const rewritten = pattern.replace(
    escape,
    (from: string, start?: string, negation?: string, name?: string, at = 0) => {
      if (start === undefined) return from;
      const to = `${start}${negation}${knownName(name ?? '')}}`;
      changes.push({ at: at + growth, from, to });
      growth += to.length - from.length;
      return to;
    },
  );
  return { pattern: rewritten, restore };

  function restore(fragment: string): string {
    const start = rewritten.indexOf(fragment);
    let restored = fragment;
    // From the last to the first, so that the places of those before stay right.
    for (const { at, from, to } of changes.toReversed()) {
      const place = at - start;
      if (place < 0 || place + to.length > fragment.length) continue;
      restored = restored.slice(0, place) + from + restored.slice(place + to.length);
    }
    return restored;
  }
}

function knownName(name: string): string {
  const letters = name.replace(/[ _-]/g, '');
  const hasSeveralWords = /[A-Za-z][ _-]+[A-Za-z]/.test(name);
  // A name that cannot exist keeps the port from finding what Go does not find.
  const canonical = hasSeveralWords ? '!' : letters.slice(0, 1).toUpperCase() + letters.slice(1).toLowerCase();
  return categories.get(letters.toLowerCase()) ?? canonical;
}

const groupOrSkipped = /\\Q.*?(?:\\E|$)|\\.|\[\^?\]?(?:\[:\^?[a-z]*:\]|\\.|[^\]\\])*\]|\(\?P?<([^>]*)>/gs;

/** Gives every named group a name of its own: Go lets several groups share one. */
export function renameDuplicates(pattern: string): { pattern: string; originals: ReadonlyMap<string, string> } {
  const originals = new Map<string, string>();
  const renamed = pattern.replace(groupOrSkipped, (whole: string, name: string | undefined) => {
    if (name === undefined) return whole;
    let unique = name;
    while (originals.has(unique)) unique += '_';
    originals.set(unique, name);
    return whole.replace(`<${name}>`, () => `<${unique}>`);
  });
  return { pattern: renamed, originals };
}
