// How far each person has read each channel, kept by the browser from visit to visit.

type Marks = Record<string, string>;

const keyOf = (team: string, person: string) => `tallyman.read.${team}.${person}`;

export function loadMarks(team: string, person: string): Marks {
  try {
    const stored: unknown = JSON.parse(localStorage.getItem(keyOf(team, person)) ?? "{}");
    return stored !== null && typeof stored === "object" ? (stored as Marks) : {};
  } catch {
    return {}; // storage that is blocked or broken only costs the bold type
  }
}

export function saveMarks(team: string, person: string, marks: Marks): void {
  try {
    localStorage.setItem(keyOf(team, person), JSON.stringify(marks));
  } catch {
    // see loadMarks
  }
}
