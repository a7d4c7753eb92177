/** What `crontab` takes. Source: celery/schedules.py and celery/utils/time.py, the same in Celery 5.3 to 5.6. */

export const crontabClasses: ReadonlySet<string> = new Set([
  'celery.schedules.crontab',
  // Gone since Celery 5; code that still uses it is found by `legacy-celery-import`.
  'celery.task.schedules.crontab',
])

/** The fields in the order of the positional arguments, with the smallest and the largest number of each. */
export const crontabFields: ReadonlyMap<string, readonly [min: number, max: number]> = new Map([
  ['minute', [0, 59]],
  ['hour', [0, 23]],
  ['day_of_week', [0, 6]],
  ['day_of_month', [1, 31]],
  ['month_of_year', [1, 12]],
])

export const crontabFieldNames: readonly string[] = [...crontabFields.keys()]

/** Keywords besides the fields. */
export const otherCrontabKeywords: ReadonlySet<string> = new Set(['nowfun', 'app'])

const weekdays = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat']
const months = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec']

/** The number that a name stands for; only its first three letters count. Sunday is 0, January is 1. */
export function crontabNumber(name: string): number | undefined {
  const start = name.slice(0, 3).toLowerCase()
  const weekday = weekdays.indexOf(start)
  const month = months.indexOf(start)
  return weekday >= 0 ? weekday : month >= 0 ? month + 1 : undefined
}
