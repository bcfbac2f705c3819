import { type KeyboardEvent, useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { postMessage, runCommand } from "../api";
import { useWorkspace } from "../names";
import { type Suggestion, suggest } from "./completion";
import { CloseIcon, EyeIcon, SendIcon } from "./icons";

interface Props {
  channel: string;
  thread?: string;
  placeholder: string;
  testId: string;
}

const MOST_LINES = 180; // px before the text scrolls

const Notice = ({ text, onClose }: { text: string; onClose(): void }) => (
  <div className="notice" role="alert" data-testid="notice">
    <span className="avatar slackbot" aria-hidden="true">
      /
    </span>
    <div>
      <div className="only-you">
        <EyeIcon /> Only visible to you
      </div>
      <strong>Slackbot</strong> <span className="badge">APP</span>
      <p>{text}</p>
    </div>
    <button type="button" className="plain" aria-label="Dismiss" onClick={onClose}>
      <CloseIcon />
    </button>
  </div>
);

interface ListProps {
  id: string;
  suggestions: Suggestion[];
  highlighted: number;
  onHover(index: number): void;
  onChoose(suggestion: Suggestion): void;
}

const Suggestions = ({ id, suggestions, highlighted, onHover, onChoose }: ListProps) => (
  <ul className="suggestions" role="listbox" id={id} aria-label="Suggestions" data-testid="suggestions">
    {suggestions.map((suggestion, index) => (
      <li
        key={suggestion.key}
        id={`${id}-${index}`}
        role="option"
        aria-selected={index === highlighted}
        className={index === highlighted ? "highlighted" : undefined}
        onMouseMove={() => onHover(index)}
        onMouseDown={(event) => {
          event.preventDefault();
          onChoose(suggestion);
        }}
      >
        <strong>{suggestion.title}</strong> <span className="hint">{suggestion.hint}</span>
        {suggestion.detail && <small>{suggestion.detail}</small>}
      </li>
    ))}
    <li className="suggestions-keys" role="presentation" aria-hidden="true">
      <kbd>↑</kbd> <kbd>↓</kbd> to move · <kbd>Tab</kbd> or <kbd>Enter</kbd> to take · <kbd>Esc</kbd> to close
    </li>
  </ul>
);

export function Composer({ channel, thread, placeholder, testId }: Props) {
  const workspace = useWorkspace();
  const list = useId();
  const area = useRef<HTMLTextAreaElement>(null);
  const [text, setText] = useState("");
  const [caret, setCaret] = useState(0);
  const [highlighted, setHighlighted] = useState(0);
  const [closedAt, setClosedAt] = useState<string | null>(null);
  const [notice, setNotice] = useState("");
  const [sending, setSending] = useState(false);

  const suggestions = useMemo(() => suggest(workspace, text, caret), [workspace, text, caret]);
  const isOpen = suggestions.length > 0 && closedAt !== text;
  const current = Math.min(highlighted, suggestions.length - 1);

  useLayoutEffect(() => {
    const box = area.current;
    if (!box) return;
    box.style.height = "auto";
    box.style.height = `${Math.min(box.scrollHeight, MOST_LINES)}px`;
  }, [text]);

  const write = (next: string, position: number) => {
    setText(next);
    setCaret(position);
    setHighlighted(0);
    setClosedAt(null);
  };

  const take = (suggestion: Suggestion) => {
    const next = text.slice(0, suggestion.from) + suggestion.text + text.slice(suggestion.to);
    const position = suggestion.from + suggestion.text.length;
    write(next, position);
    requestAnimationFrame(() => {
      area.current?.focus();
      area.current?.setSelectionRange(position, position);
    });
  };

  const send = async () => {
    const typed = text.trim();
    if (!typed || sending) return;
    const isCommand = /^\/\S/.test(typed);
    if (isCommand && thread) {
      setNotice(`${typed.split(/\s/, 1)[0]} isn't available in threads. Type it in the channel instead.`);
      return;
    }
    setNotice("");
    setSending(true);
    write("", 0);
    const outcome = isCommand
      ? await runCommand(workspace.me, channel, typed)
      : await postMessage(workspace.me, channel, typed, thread);
    setSending(false);
    if (outcome.ok) return;
    setNotice(outcome.error ?? "That couldn't be sent. Try again.");
    setText((since) => since || typed);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (isOpen && (event.key === "ArrowDown" || event.key === "ArrowUp")) {
      event.preventDefault();
      const step = event.key === "ArrowDown" ? 1 : suggestions.length - 1;
      setHighlighted((current + step) % suggestions.length);
      return;
    }
    if (isOpen && event.key === "Escape") {
      event.preventDefault();
      setClosedAt(text);
      return;
    }
    const chosen = suggestions[current];
    if (isOpen && chosen && (event.key === "Tab" || event.key === "Enter") && !event.shiftKey) {
      event.preventDefault();
      // a command that is typed out needs no completing: Enter runs it
      if (event.key === "Enter" && chosen.title === text) void send();
      else take(chosen);
      return;
    }
    if (event.key === "Enter" && !event.shiftKey) {
      event.preventDefault();
      void send();
    }
  };

  return (
    <div className="composer-wrap">
      {notice && <Notice text={notice} onClose={() => setNotice("")} />}
      <div className="composer">
        {isOpen && (
          <Suggestions
            id={list}
            suggestions={suggestions}
            highlighted={current}
            onHover={setHighlighted}
            onChoose={take}
          />
        )}
        <textarea
          ref={area}
          rows={1}
          value={text}
          placeholder={placeholder}
          data-testid={testId}
          role="combobox"
          aria-label={placeholder}
          aria-expanded={isOpen}
          aria-controls={isOpen ? list : undefined}
          aria-autocomplete="list"
          aria-activedescendant={isOpen ? `${list}-${current}` : undefined}
          onChange={(event) => write(event.target.value, event.target.selectionStart)}
          onSelect={(event) => setCaret(event.currentTarget.selectionStart)}
          onKeyDown={onKeyDown}
        />
        <div className="composer-foot">
          <span className="composer-hint">
            {thread ? "Replies stay in this thread" : "Type / for commands, @ to mention"}
          </span>
          <button
            type="button"
            className="send"
            aria-label="Send"
            disabled={!text.trim() || sending}
            onClick={() => void send()}
          >
            {sending ? <span className="spinner" /> : <SendIcon />}
          </button>
        </div>
      </div>
    </div>
  );
}
