/** The shapes of derived passwords and the characters they are filled with, from the Master Password algorithm. */

/** By type of password; the site's key picks one of the shapes. */
export const passwordTemplates: ReadonlyMap<string, readonly string[]> = new Map([
  ['maximum', ['anoxxxxxxxxxxxxxxxxx', 'axxxxxxxxxxxxxxxxxno']],
  [
    'long',
    [
      'CvcvnoCvcvCvcv',
      'CvcvCvcvnoCvcv',
      'CvcvCvcvCvcvno',
      'CvccnoCvcvCvcv',
      'CvccCvcvnoCvcv',
      'CvccCvcvCvcvno',
      'CvcvnoCvccCvcv',
      'CvcvCvccnoCvcv',
      'CvcvCvccCvcvno',
      'CvcvnoCvcvCvcc',
      'CvcvCvcvnoCvcc',
      'CvcvCvcvCvccno',
      'CvccnoCvccCvcv',
      'CvccCvccnoCvcv',
      'CvccCvccCvcvno',
      'CvcvnoCvccCvcc',
      'CvcvCvccnoCvcc',
      'CvcvCvccCvccno',
      'CvccnoCvcvCvcc',
      'CvccCvcvnoCvcc',
      'CvccCvcvCvccno',
    ],
  ],
  ['medium', ['CvcnoCvc', 'CvcCvcno']],
  ['short', ['Cvcn']],
  ['basic', ['aaanaaan', 'aannaaan', 'aaannaaa']],
  ['pin', ['nnnn']],
]);

const upperVowels = 'AEIOU';
const lowerVowels = 'aeiou';
const upperConsonants = 'BCDFGHJKLMNPQRSTVWXYZ';
const lowerConsonants = 'bcdfghjklmnpqrstvwxyz';
const letters = upperVowels + lowerVowels + upperConsonants + lowerConsonants;
const digits = '0123456789';

/** The characters that a letter of a shape stands for. */
export const passwordAlphabets: ReadonlyMap<string, string> = new Map([
  ['V', upperVowels],
  ['C', upperConsonants],
  ['v', lowerVowels],
  ['c', lowerConsonants],
  ['A', upperVowels + upperConsonants],
  ['a', letters],
  ['n', digits],
  ['o', "@&%?,=[]_:-+*$#!'^~;()/."],
  ['x', `${letters}${digits}!@#$%^&*()`],
]);
