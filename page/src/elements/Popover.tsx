import { type ReactNode, type RefObject, useLayoutEffect, useRef } from "react";

interface Props {
  anchor: RefObject<HTMLElement | null>;
  open: boolean;
  children: ReactNode;
  wide?: "as-anchor" | "as-content";
}

const GAP = 4; // px between a control and what drops from it

/** Hangs its children under (or over) the anchor, in the top layer so that nothing clips them. */
export function Popover({ anchor, open, children, wide = "as-anchor" }: Props) {
  const ref = useRef<HTMLDivElement>(null);

  useLayoutEffect(() => {
    const panel = ref.current;
    const control = anchor.current;
    if (!panel || !control || !open) return;
    const place = () => {
      const box = control.getBoundingClientRect();
      const below = window.innerHeight - box.bottom - 2 * GAP;
      const above = box.top - 2 * GAP;
      const upwards = below < Math.min(panel.scrollHeight, 240) && above > below;
      panel.style.maxHeight = `${Math.min(320, upwards ? above : below)}px`;
      panel.style.minWidth = `${box.width}px`;
      if (wide === "as-anchor") panel.style.width = `${box.width}px`;
      const left = Math.min(box.left, window.innerWidth - panel.offsetWidth - 8);
      panel.style.left = `${Math.max(8, left)}px`;
      panel.style.top = upwards ? "auto" : `${box.bottom + GAP}px`;
      panel.style.bottom = upwards ? `${window.innerHeight - box.top + GAP}px` : "auto";
    };
    panel.showPopover();
    place();
    window.addEventListener("resize", place);
    document.addEventListener("scroll", place, true);
    return () => {
      window.removeEventListener("resize", place);
      document.removeEventListener("scroll", place, true);
      if (panel.isConnected) panel.hidePopover();
    };
  }, [open, anchor, wide]);

  return (
    <div ref={ref} popover="manual" className="popover">
      {children}
    </div>
  );
}
