/** Owns which files of a project are read at all, by their names. */

export const isPython = (path: string): boolean => path.endsWith('.py')

/** Whether a file states which packages a project needs, or which versions of them it is locked to. */
export const isRequirements = (path: string): boolean =>
  /(^|\/)(pyproject\.toml|Pipfile|Pipfile\.lock|poetry\.lock|pdm\.lock|uv\.lock|setup\.(cfg|py)|[\w.-]*(requirements|constraints)[\w.-]*\.(txt|in|pip)|(requirements|constraints)\/[\w./-]+\.(txt|in|pip))$/.test(
    path,
  )

/** Whether a file can matter for a review. */
export const isRead = (path: string): boolean => isPython(path) || isRequirements(path)
