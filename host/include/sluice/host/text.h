// How texts are written in HTTP, in gRPC and for a reader.
#pragma once

#include <string>
#include <string_view>

namespace sluice::host {

/// `text` with ASCII's capital letters as small ones.
std::string lowerCase(std::string_view text);

/// `text` as the header "grpc-message" carries it: printable ASCII without "%" stays, every other byte becomes %XX
/// (https://github.com/grpc/grpc/blob/master/doc/PROTOCOL-HTTP2.md).
std::string percentEncoded(std::string_view text);

/// `text` as part of a URL: letters, digits and "-._~" stay, every other byte becomes %XX (RFC 3986, 2.3).
std::string urlEncoded(std::string_view text);

/// `text` in double quotes, for a reader: quotes and backslashes are escaped, and so are bytes that are not printable
/// ASCII (\n, \r, \t, \xNN). Of a text longer than `limit` bytes it shows that many, and says how many there are.
std::string quote(std::string_view text, size_t limit = 400);

}  // namespace sluice::host
