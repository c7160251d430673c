import type { ReactNode } from 'react';

interface AlertProps {
  title: string;
  variant?: string;
  children?: ReactNode;
}

const urgent = new Set(['error', 'danger']);

export const Alert = ({ title, variant = 'info', children }: AlertProps) => (
  <div className={`hs-alert hs-tone-${variant}`} role={urgent.has(variant) ? 'alert' : 'status'}>
    <strong>{title}</strong>
    <div>{children}</div>
  </div>
);

interface ErrorStateProps {
  title?: string;
  type?: string;
  children?: ReactNode;
}

export const ErrorState = ({ title, type = 'error', children }: ErrorStateProps) => (
  <div className={`hs-state hs-state-${type}`} role="status">
    {title && <h3 className="hs-heading">{title}</h3>}
    {children}
  </div>
);

interface SpinnerProps {
  label: string;
  showLabel?: boolean;
}

export const LoadingSpinner = ({ label, showLabel = false }: SpinnerProps) => (
  <div className="hs-spinner" role="status">
    <span className="hs-spinner-wheel" aria-hidden="true" />
    <span className={showLabel ? undefined : 'hs-hidden'}>{label}</span>
  </div>
);

interface ProgressBarProps {
  title?: string;
  value?: number;
  maxValue?: number;
  showPercentage?: boolean;
  valueDescription?: string;
  variant?: string;
  'aria-label'?: string;
}

export const ProgressBar = ({ title, value = 0, maxValue = 100, ...props }: ProgressBarProps) => {
  const percent = Math.round((100 * value) / maxValue);
  return (
    <div className="hs-progress">
      <div className="hs-progress-head" aria-live="polite">
        <span>{title}</span>
        {props.showPercentage && <span>{percent} %</span>}
      </div>
      <progress
        className={props.variant && `hs-tone-${props.variant}`}
        value={value}
        max={maxValue}
        aria-label={props['aria-label'] ?? title}
      />
      {props.valueDescription && <p className="hs-text hs-microcopy">{props.valueDescription}</p>}
    </div>
  );
};
