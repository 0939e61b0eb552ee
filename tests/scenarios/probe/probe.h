// The parts of the probe filter: the words of its script, and the hostcalls that it makes for them.
#pragma once

#include <sluice/sluice.h>

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace probe {

using Words = std::vector<std::string>;

/// One line of the script: in which callback, and what to do there.
struct Command {
  std::string event;  ///< "request_body", "request_body@2" (the second call only) or "request_body$" (at the stream's
                      ///< end only).
  Words words;
  std::string text;  ///< The words as they stand in the script, for the log.
};

/// Splits a script into commands: a line each, words separated by spaces, `#` comments. In a word, `\s` is a space,
/// `\n` a newline, `\xNN` any byte,
/// `""` an empty word.
std::vector<Command> parseScript(std::string_view script);

/// Runs the commands for one call of a callback of the context `context`; gives what the callback returns.
int32_t handle(uint32_t context, std::string_view event, uint32_t call, bool atEnd);

/// The context whose callback runs.
uint32_t currentContext();

/// Makes the hostcall that a command names and logs its result as `event: text -> Status value`.
void perform(const Command& command);

/// The hostcalls for one part of the ABI: each takes the command's words, makes the hostcall and appends what it gives
/// to `result`; nothing where the first word is not one of theirs.
std::optional<sluice::Status> performCall(const Words& words, std::string& result);
std::optional<sluice::Status> performGrpc(const Words& words, std::string& result);
std::optional<sluice::Status> performState(const Words& words, std::string& result);

/// `bytes` with everything but printable ASCII escaped as \xNN.
std::string printable(std::string_view bytes);
/// The same in brackets, after a space.
std::string show(std::string_view bytes);
/// Digits of a number, and the number of the digits in a word.
std::string decimal(uint64_t value);
uint32_t parseNumber(std::string_view digits);
/// The ABI's serialization of the `name=value` words from `first` on.
std::string serialize(const Words& words, size_t first);

}  // namespace probe
