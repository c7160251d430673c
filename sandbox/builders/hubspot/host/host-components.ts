import type { ComponentType } from 'react';
import { Button, LoadingButton } from './components/button.tsx';
import { Alert, ErrorState, LoadingSpinner, ProgressBar } from './components/feedback.tsx';
import { Accordion, Divider, Flex, Inline, List } from './components/layout.tsx';
import { Table, TableBody, TableCell, TableHead, TableHeader, TableRow } from './components/table.tsx';
import { DescriptionList, DescriptionListItem, Heading, Link, StatusTag, Tag, Text } from './components/text.tsx';

/** HubSpot's components that the stand-in can show, by HubSpot's names. A card that uses another one fails by that name. */
// oxlint-disable-next-line typescript/no-explicit-any -- the props come from the card's own process, checked by its compiler
export const hostComponents: Record<string, ComponentType<any>> = {
  Accordion,
  Alert,
  Button,
  DescriptionList,
  DescriptionListItem,
  Divider,
  ErrorState,
  Flex,
  Heading,
  Inline,
  Link,
  List,
  LoadingButton,
  LoadingSpinner,
  ProgressBar,
  StatusTag,
  Table,
  TableBody,
  TableCell,
  TableHead,
  TableHeader,
  TableRow,
  Tag,
  Text,
};
