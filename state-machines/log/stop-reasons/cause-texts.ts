import { anyOf } from './reason-layers';

/**
 * What the texts of ECS say of a further try, of a task whose image did not arrive or that could
 * not be prepared or started. They are tested on what the class was read from, in lower case.
 * docs/rollouts.md has the table; the pages of AWS behind it are task_cannot_pull_image.html,
 * resource-initialization-error.html and stopped-task-error-codes.html.
 */

/** The next try may succeed: a network, a registry or an API was not there for a moment. */
export const transientTexts = anyOf(
  /time(d )?-?out/,
  /deadline exceeded/,
  /too ?many ?requests/,
  /\brate exceeded|rate limit|rate of requests .* exceeded/,
  /throttl/,
  /connection (refused|reset|closed|aborted)/,
  /connection issue|check your network (connection|configuration)/,
  /temporary failure|server misbehaving/,
  /\beof\b/,
  /no route to host|network is unreachable/,
  /send(ing)? (the )?request failed|request send failed/,
  /bad gateway|service ?unavailable|500 internal server error|internalservice(error|exception)/,
);

/** No further try will succeed while the release is as it is: what it names is not there. */
export const certainTexts = anyOf(
  // The image, its repository, or one for this platform.
  /manifest unknown|name unknown/,
  /(manifest|image|repository)\b.* (not found|does not exist|cannot be found)/,
  /failed to resolve ref(erence)? .*: not found/,
  /descriptor matching platform|no matching manifest/,
  /invalid reference format/,
  // The rights to it.
  /access ?denied|not authorized to perform|\b403 forbidden|status code: 403/,
  /requested access to the resource is denied|insufficient_scope/,
  /check that the role has the permissions/,
  // Secrets, parameters, keys, log groups, files.
  /resourcenotfoundexception|parameternotfound|notfoundexception|nosuch(key|bucket)/,
  /can't find the specified secret|check whether the secret exists/,
  /invalid ssm parameters/,
  /did not contain json key/,
  /log group does not exist/,
  // The executable in the image.
  /executable file not found/,
  /exec: "[^"]*": (stat [^ ]*: )?(no such file or directory|permission denied)/,
  /exec format error/,
);
