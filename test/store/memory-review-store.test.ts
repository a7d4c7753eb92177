import { MemoryReviewStore } from '../../src/store/memory-review-store.ts'
import { describeReviewStore } from './conformance.ts'

describeReviewStore('MemoryReviewStore', (now) => new MemoryReviewStore(now))
