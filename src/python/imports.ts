/** Owns the arithmetic of dotted module names. */

/**
 * The absolute module that an import statement in `module` means.
 * @param level the number of leading dots
 * @param isPackage whether `module` is a package's `__init__`
 */
export function absoluteModule(module: string, isPackage: boolean, imported: string, level: number): string {
  if (level === 0) return imported
  const parts = module === '' ? [] : module.split('.')
  const base = parts.slice(0, Math.max(0, parts.length - level + (isPackage ? 1 : 0)))
  return [...base, ...(imported ? [imported] : [])].join('.')
}

/** The dotted name of the module at a path below a source root; `shop/__init__.py` is `shop`. */
export function moduleName(path: string, root: string): string {
  const below = root === '' ? path : path.slice(root.length + 1)
  return below
    .replace(/\.py$/, '')
    .replace(/(^|\/)__init__$/, '')
    .replaceAll('/', '.')
}
