import type { WorkspaceEvent } from "./types";

/**
 * What was told while an answer was on its way may be newer than the answer: it is kept, to be
 * applied once more on top of it.
 */
export class Replay {
  private readonly waiting = new Set<WorkspaceEvent[]>();

  record(event: WorkspaceEvent): void {
    for (const events of this.waiting) events.push(event);
  }

  /** The answer, and all that was told since it was asked for. */
  async during<T>(load: () => Promise<T>): Promise<[T, WorkspaceEvent[]]> {
    const events: WorkspaceEvent[] = [];
    this.waiting.add(events);
    try {
      return [await load(), events];
    } finally {
      this.waiting.delete(events);
    }
  }
}
