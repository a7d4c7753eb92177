/** Whether a page holds nothing that comes alive. */
import { expect } from 'vitest'

/** The tags of a page, the style sheet left out. A value in quotes may hold anything but the quote. */
const tagsOf = (page: string): string[] =>
  page.replace(/<style>[\s\S]*?<\/style>/, '').match(/<(?:"[^"]*"|'[^']*'|[^"'>])*>/g) ?? []

const elements =
  /^<\/?(!doctype|html|head|meta|title|style|body|header|main|nav|section|article|figure|figcaption|details|summary|h[1-6]|p|ul|ol|li|a|code|pre|strong|em|span|div|table|caption|thead|tbody|tr|th|td|mark|blockquote|hr|br)\b/i

/** Whether every tag is one of ours: no other element, no handler, and no address but such as are allowed: of the web or of the page itself, if not said otherwise. */
export function expectInert(page: string, addresses = /^(#|https?:\/\/)/): void {
  for (const tag of tagsOf(page)) {
    expect(tag).toMatch(elements)
    const names = tag.replace(/=("[^"]*"|'[^']*')/g, '=')
    expect(names).not.toMatch(/\s(on\w+|src|style|srcdoc|action)\b/i)
    const [, , href] = /\shref=("|')(.*?)\1/.exec(tag) ?? []
    if (names.includes(' href')) expect(href).toMatch(addresses)
  }
}

/** Texts that would do something if a page let them. */
export const hostileTexts = [
  '<script>alert(1)</script>',
  '"><img src=x onerror=alert(1)>',
  "' onmouseover='alert(1)",
  '[a](javascript:alert(1)) ![b](https://evil.example/p.png)',
  '[a][b]\n\n[b]: javascript:alert(1)',
  '<javascript:alert(1)> <https://evil.example/"onclick="x>',
  '</style></title></textarea><svg onload=alert(1)>',
  '```suggestion\n</td><script>alert(1)</script>\n```',
  '```diff\n@@ -1 +1 @@\n-a\n+<b onclick=x>\n```',
  '| a |\n| --- |\n| <iframe src=x> |',
  '<!-- --><style>*{display:none}</style>',
  '&lt;script&gt; &#60;script&#62;',
]
