import { useSyncExternalStore } from "react";

/** Where the reader is: kept in the address, so that a link opens the same view. */
export interface Place {
  as: string;
  channel: string;
  thread: string;
  tab: "" | "home";
}

const read = (hash: string): Place => {
  const fields = new URLSearchParams(hash.replace(/^#/, ""));
  return {
    as: fields.get("as") ?? "",
    channel: fields.get("channel") ?? "",
    thread: fields.get("thread") ?? "",
    tab: fields.get("tab") === "home" ? "home" : "",
  };
};

export const addressOf = (place: Partial<Place>): string => {
  const fields = new URLSearchParams();
  for (const name of ["as", "channel", "thread", "tab"] as const) {
    const value = place[name];
    if (value) fields.set(name, value);
  }
  return `#${fields.toString()}`;
};

export function go(place: Partial<Place>): void {
  location.hash = addressOf(place);
}

/** Corrects the address without leaving a step in the browser's history. */
export function settle(place: Partial<Place>): void {
  const address = addressOf(place);
  if (location.hash === address) return;
  history.replaceState(null, "", address);
  window.dispatchEvent(new HashChangeEvent("hashchange"));
}

const subscribe = (changed: () => void) => {
  window.addEventListener("hashchange", changed);
  return () => window.removeEventListener("hashchange", changed);
};

let lastHash = "\0";
let lastPlace: Place = read("");
const snapshot = () => {
  if (location.hash !== lastHash) {
    lastHash = location.hash;
    lastPlace = read(lastHash);
  }
  return lastPlace;
};

export const usePlace = (): Place => useSyncExternalStore(subscribe, snapshot);
