import type { ReactNode } from 'react';

interface ButtonProps {
  variant?: string;
  size?: string;
  disabled?: boolean;
  /** Lives in the worker: called across its border. */
  onClick?: (event: Record<string, never>) => void;
  children?: ReactNode;
}

export const Button = ({ variant = 'secondary', size = 'md', disabled = false, onClick, children }: ButtonProps) => (
  <button
    type="button"
    className={`hs-button hs-button-${variant} hs-button-${size}`}
    disabled={disabled}
    onClick={() => onClick?.({})}
  >
    {children}
  </button>
);

export const LoadingButton = ({ loading = false, ...props }: ButtonProps & { loading?: boolean }) => (
  <Button {...props} disabled={loading || props.disabled === true}>
    {loading && <span className="hs-spinner-wheel" aria-hidden="true" />}
    {props.children}
  </Button>
);
