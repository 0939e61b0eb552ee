// The parts of the probe filter: the words of its script, and the hostcalls that it makes for them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace probe {

/// One line of the script: in which callback, and what to do there.
struct Command {
  std::string event;  ///< "request_body", "request_body@2" (the second call only) or "request_body$" (at the stream's
                      ///< end only).
  std::vector<std::string> words;
  std::string text;  ///< The words as they stand in the script, for the log.
};

/// Splits a script into commands: a line each, words separated by spaces, `#` comments. In a word, `\s` is a space,
/// `\n` a newline, `\xNN` any byte,
/// `""` an empty word.
std::vector<Command> parseScript(std::string_view script);

/// Makes the hostcall that a command names and logs its result as `event: text -> Status value`.
void perform(const Command& command);

/// `bytes` with everything but printable ASCII escaped as \xNN.
std::string printable(std::string_view bytes);

}  // namespace probe
