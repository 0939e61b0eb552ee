// Text encodings for HTTP, for gRPC and for messages.
#pragma once

#include <string>
#include <string_view>

namespace sluice::host {

/// `text` with ASCII capital letters in lower case.
std::string lowerCase(std::string_view text);

/// `text` encoded for the header "grpc-message": printable ASCII other than "%" stays, every other byte becomes %XX
/// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
std::string percentEncoded(std::string_view text);

/// `text` encoded for a URL: letters, digits and "-._~" stay, every other byte becomes %XX (RFC 3986, 2.3).
std::string urlEncoded(std::string_view text);

/// `text` in double quotes, for a message: quotes, backslashes and bytes that are not printable ASCII are escaped (\n,
/// \r, \t, \xNN). A text longer than `limit` bytes is cut there, followed by its full length.
std::string quote(std::string_view text, size_t limit = 400);

/// `text` as it is if it is printable ASCII, else as quote() gives it: for a text from outside on a terminal.
std::string quoteUnlessPrintable(std::string_view text, size_t limit = 400);

/// The C++ name that the symbol `name` stands for. Returns `name` itself if it is no C++ symbol, or one whose text
/// could be so long that it fills the memory.
std::string demangled(const std::string& name);

}  // namespace sluice::host
