export declare function whenNpmShellEnds(stop: () => void): void;
