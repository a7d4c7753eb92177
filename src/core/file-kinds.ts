/** Owns which files of a project are read at all, by their names. */

export const isPython = (path: string): boolean => path.endsWith('.py')

/** Whether a file states which packages a project needs, or which versions of them it is locked to. */
export const isRequirements = (path: string): boolean =>
  /(^|\/)(pyproject\.toml|Pipfile|Pipfile\.lock|poetry\.lock|pdm\.lock|uv\.lock|setup\.(cfg|py)|[\w.-]*(requirements|constraints)[\w.-]*\.(txt|in|pip)|(requirements|constraints)\/[\w./-]+\.(txt|in|pip))$/.test(
    path,
  )

/** Compose, Procfiles, Dockerfiles and Makefiles, by their own names. */
const deploymentName =
  /(^|\/)(Procfile(\.\w+)?|(docker-)?compose[\w.-]*\.ya?ml|([\w-]+\.)?Dockerfile([.-][\w.-]+)?|render\.ya?ml|Makefile)$/
/** What many tools call otherwise each: named after what it starts, or lying where such files lie. */
const deploymentKind = /\.(ya?ml|conf|ini|service|sh|bash)$|\/(start|run|entrypoint|docker-entrypoint)[\w-]*$/
const deploymentWords =
  /celery|beat|worker|queue|supervisor|entrypoint|k8s|kube|helm|chart|deploy|manifest|systemd|\/start|\/run/i
/** What lies there starts no process, or somebody else's. */
const foreignPath = /(^|\/)(\.[^/]+|node_modules|vendor|docs?|locale|fixtures)\//

/** Whether a file may say how processes are started. Many that may do not: their text decides. */
export const isDeployment = (path: string): boolean =>
  (deploymentName.test(path) || (deploymentKind.test(path) && deploymentWords.test(`/${path}`))) &&
  !foreignPath.test(path)

/** Whether a file can have findings. */
export const isReviewed = (path: string): boolean => isPython(path) || isDeployment(path)

/** Whether a file can matter for a review. */
export const isRead = (path: string): boolean => isReviewed(path) || isRequirements(path)
