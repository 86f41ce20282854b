import { Input, type InputRef } from "antd";
import { useId, useState, type ReactNode, type Ref } from "react";
import { isEnter } from "./shortcuts";

interface Props<T> {
  label: string;
  placeholder: string;
  testId: string;
  inputRef?: Ref<InputRef>;
  value: string;
  onSearch: (typed: string) => void;
  options: T[];
  idOf: (option: T) => string;
  testIdOf: (option: T) => string;
  onPick: (option: T) => void;
  children: (option: T) => ReactNode;
  empty: ReactNode;
  /** What is shown beside the list of the answer that would be picked. */
  beside?: (option: T) => ReactNode;
}

/** A search field with its list of answers, for the hand on the keyboard. */
export function Combobox<T>(props: Props<T>) {
  const {
    label,
    placeholder,
    testId,
    inputRef,
    value,
    onSearch,
    options,
    idOf,
    testIdOf,
    onPick,
    children,
    empty,
    beside,
  } = props;
  const base = useId();
  const [active, setActive] = useState(0);
  const at = Math.min(active, options.length - 1);
  const optionId = (option: T) => `${base}-${idOf(option)}`;
  const current = options[at];

  const move = (to: number) => {
    const next = (to + options.length) % options.length;
    setActive(next);
    const option = options[next];
    if (option) document.getElementById(optionId(option))?.scrollIntoView({ block: "nearest" });
  };
  const onKeyDown = (event: React.KeyboardEvent) => {
    if (event.nativeEvent.isComposing || !options.length) return;
    if (event.key === "ArrowDown") move(at + 1);
    else if (event.key === "ArrowUp") move(at - 1);
    else if (isEnter(event) && !event.ctrlKey && current) onPick(current);
    else return;
    event.preventDefault();
  };

  return (
    <div className="combobox">
      <Input
        ref={inputRef}
        size="large"
        role="combobox"
        aria-label={label}
        aria-expanded={options.length > 0}
        aria-controls={`${base}-list`}
        aria-autocomplete="list"
        aria-activedescendant={current ? optionId(current) : undefined}
        autoComplete="off"
        placeholder={placeholder}
        data-testid={testId}
        value={value}
        onChange={(event) => {
          setActive(0);
          onSearch(event.target.value);
        }}
        onKeyDown={onKeyDown}
      />
      {options.length === 0 ? empty : null}
      <div className={beside && current ? "combobox-beside" : undefined}>
        <ul
          id={`${base}-list`}
          role="listbox"
          aria-label={label}
          className="combobox-list"
          hidden={!options.length}
        >
          {options.map((option, index) => (
            <li
              key={idOf(option)}
              id={optionId(option)}
              role="option"
              aria-selected={index === at}
              data-testid={testIdOf(option)}
              className={index === at ? "combobox-option combobox-active" : "combobox-option"}
              onMouseDown={(event) => event.preventDefault()}
              onClick={() => onPick(option)}
            >
              {children(option)}
            </li>
          ))}
        </ul>
        {current && beside?.(current)}
      </div>
    </div>
  );
}
