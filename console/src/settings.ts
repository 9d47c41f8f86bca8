// What the server says of itself before anybody signs in.
export interface SignInSettings {
  authority: string;
  clientId: string;
  scope: string;
}
export interface Settings {
  version: string;
  signIn?: SignInSettings;
}

let asked: Promise<Settings> | undefined;
export const settings = () => (asked ??= fetch('settings.json').then((answer) => answer.json() as Promise<Settings>));
