import type { Source, SourceChange } from '../../.generated/openapi';
import { numberOf, textOf } from '../ui/fields';

/** What can be changed later, as it stands in the fields. */
export interface Options {
  titleTemplate: string;
  appKey: string;
  removesAppKey: boolean;
  silentAfterHours: string;
  oneTime: boolean;
  flatten: boolean;
  okAfterHours: string;
}

export const noOptions: Options = {
  titleTemplate: '',
  appKey: '',
  removesAppKey: false,
  silentAfterHours: '',
  oneTime: false,
  flatten: false,
  okAfterHours: '',
};

export function optionsOf(source: Source): Options {
  return {
    ...noOptions,
    titleTemplate: source.titleTemplate ?? '',
    silentAfterHours: String(source.silentAfterHours),
    oneTime: source.oneTime,
    flatten: source.flatten === true,
    okAfterHours: source.okAfterHours === null ? '' : String(source.okAfterHours),
  };
}

/** Only what a person has changed: a default that is shown would become the source's own value, and another person's change would be undone. */
export function changeOf(source: Source, name: string, options: Options): SourceChange {
  const was = optionsOf(source);
  const change: SourceChange = {};
  if (name.trim() !== source.name) change.name = name.trim();
  if (options.silentAfterHours !== was.silentAfterHours) change.silentAfterHours = numberOf(options.silentAfterHours);
  if (options.titleTemplate !== was.titleTemplate) change.titleTemplate = textOf(options.titleTemplate);
  if (options.removesAppKey || textOf(options.appKey) !== null) change.appKey = options.removesAppKey ? null : textOf(options.appKey);
  if (options.oneTime !== was.oneTime) change.oneTime = options.oneTime;
  if (options.flatten !== was.flatten) change.flatten = options.flatten;
  if (options.okAfterHours !== was.okAfterHours) change.okAfterHours = numberOf(options.okAfterHours);
  return change;
}
