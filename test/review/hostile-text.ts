/** Texts that reviewed code may hold to come alive in a comment. */
import fc from 'fast-check'

const pieces = [
  '@octocat', '#1', 'GH-1', 'a@b.example', 'https://evil.example/x', 'www.evil.example', 'mailto:a@b.example',
  '<img src=x onerror=y>', '<b>', '</sub>', '<!--', '-->', '<!-- celery-review:v1 fingerprint=stolen -->',
  '![x](https://evil.example/x.png)', '[x](https://evil.example)', '[x]: https://evil.example', '[^1]', '<https://evil.example>',
  '`', '``', '```', '````', '`````suggestion', '~~~', '\n', '\n\n', '\r\n', '\r', '# h', '> q', '- l', '1. n', '1) n', '---', '===', '    ',
  '*', '**', '_', '__init__', '~~', '$x$', '|', '\\', '\\|', '\\\\|', '&#64;octocat', '&lt;', '&', '\u202e', '\u2066', '\u200d', '\ufeff', '\u2028', '\0', '\x07', '\t',
  '\ud83e', '🥬', 'ö', 'deadbeef', 'da39a3ee5e6b4b0d3255bfef95601890afd80709', 'a', 'b.c', ' ', '  ', 'crontab(hour=3)', '. A',
] // biome-ignore format: a list of words

export const hostileText = fc.array(fc.constantFrom(...pieces), { maxLength: 12 }).map((words) => words.join(''))
