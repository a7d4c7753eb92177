/** Owns the type of the log, which is Probot's. What is logged names deliveries, jobs and commits; never code, comments or tokens. */
import type { Probot } from 'probot'

export type Log = Probot['log']
