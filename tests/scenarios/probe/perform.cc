#include "probe.h"

namespace probe {
namespace {

namespace abi = sluice::abi;
using sluice::BufferType;
using sluice::MapType;
using sluice::Status;
using sluice::StreamType;

MapType map(std::string_view word) {
  if (word == "reqh") return MapType::HttpRequestHeaders;
  if (word == "reqt") return MapType::HttpRequestTrailers;
  if (word == "resh") return MapType::HttpResponseHeaders;
  if (word == "rest") return MapType::HttpResponseTrailers;
  if (word == "callh") return MapType::HttpCallResponseHeaders;
  if (word == "grpci") return MapType::GrpcCallInitialMetadata;
  if (word == "grpct") return MapType::GrpcCallTrailingMetadata;
  if (word == "callt") return MapType::HttpCallResponseTrailers;
  return static_cast<MapType>(parseNumber(word));
}

BufferType buffer(std::string_view word) {
  if (word == "reqb") return BufferType::HttpRequestBody;
  if (word == "resb") return BufferType::HttpResponseBody;
  if (word == "grpcm") return BufferType::GrpcCallMessage;
  if (word == "callb") return BufferType::HttpCallResponseBody;
  if (word == "down") return BufferType::DownstreamData;
  if (word == "up") return BufferType::UpstreamData;
  if (word == "conf") return BufferType::PluginConfiguration;
  if (word == "vmconf") return BufferType::VmConfiguration;
  return static_cast<BufferType>(parseNumber(word));
}

StreamType stream(std::string_view word) {
  if (word == "request") return StreamType::HttpRequest;
  if (word == "response") return StreamType::HttpResponse;
  if (word == "downstream") return StreamType::Downstream;
  if (word == "upstream") return StreamType::Upstream;
  return static_cast<StreamType>(parseNumber(word));
}

std::string pairs(std::string_view data) {
  const auto parsed = sluice::HeaderPairs::parse(data);
  if (!parsed) return " malformed";
  std::string result;
  for (const auto& header : *parsed) result += " " + printable(header.name) + "=" + printable(header.value);
  return result;
}

// Each function makes one hostcall and appends what it gives to `result`.
Status headers(const Words& words, std::string& result) {
  const auto& op = words[0];
  const auto type = map(words[1]);
  const char* data = nullptr;
  size_t size = 0;
  if (op == "get") {
    const auto status = abi::proxy_get_header_map_value(type, words[2].data(), words[2].size(), &data, &size);
    if (status == Status::Ok) result = show({data, size});
    return status;
  }
  if (op == "all") {
    const auto status = abi::proxy_get_header_map_pairs(type, &data, &size);
    if (status == Status::Ok) result = pairs({data, size});
    return status;
  }
  if (op == "mapsize") {
    const auto status = abi::proxy_get_header_map_size(type, &size);
    if (status == Status::Ok) result = " " + decimal(size);
    return status;
  }
  if (op == "setall") {
    const auto list = serialize(words, 2);
    return abi::proxy_set_header_map_pairs(type, list.data(), list.size());
  }
  if (op == "remove") return abi::proxy_remove_header_map_value(type, words[2].data(), words[2].size());
  const auto change = op == "add" ? abi::proxy_add_header_map_value : abi::proxy_replace_header_map_value;
  return change(type, words[2].data(), words[2].size(), words[3].data(), words[3].size());
}

Status body(const Words& words, std::string& result) {
  const auto& op = words[0];
  const auto type = buffer(words[1]);
  if (op == "bodysize") {
    size_t size = 0;
    uint32_t flags = 0;
    const auto status = abi::proxy_get_buffer_status(type, &size, &flags);
    if (status == Status::Ok) result = " " + decimal(size) + " " + decimal(flags);
    return status;
  }
  const uint32_t start = parseNumber(words[2]);
  const uint32_t length = parseNumber(words[3]);
  if (op == "setbody") return abi::proxy_set_buffer_bytes(type, start, length, words[4].data(), words[4].size());
  const char* data = nullptr;
  size_t size = 0;
  const auto status = abi::proxy_get_buffer_bytes(type, start, length, &data, &size);
  if (status == Status::Ok) result = show({data, size});
  return status;
}

Status property(const Words& words, std::string& result) {
  std::string path = words[1];
  for (char& c : path) {
    if (c == '.') c = '\0';
  }
  if (words[0] == "setprop") return abi::proxy_set_property(path.data(), path.size(), words[2].data(), words[2].size());
  const char* data = nullptr;
  size_t size = 0;
  const auto status = abi::proxy_get_property(path.data(), path.size(), &data, &size);
  if (status == Status::Ok)
    result = words[0] == "propsize"  ? " " + decimal(size)
             : words[0] == "propmap" ? pairs({data, size})
                                     : show({data, size});
  return status;
}

// local STATUS BODY GRPC DETAILS name=value…
Status localResponse(const Words& words) {
  const auto list = serialize(words, 5);
  const bool none = words.size() == 5;
  return abi::proxy_send_local_response(
      parseNumber(words[1]), words[4].data(), words[4].size(), words[2].data(), words[2].size(),
      none ? nullptr : list.data(), none ? 0 : list.size(),
      static_cast<sluice::GrpcStatus>(words[3] == "-1" ? -1 : static_cast<int32_t>(parseNumber(words[3]))));
}

Status hostcall(const Words& words, std::string& result) {
  const auto& op = words[0];
  if (op == "bodysize" || op == "getbody" || op == "setbody") return body(words, result);
  if (op == "prop" || op == "propsize" || op == "propmap" || op == "setprop") return property(words, result);
  if (op == "local") return localResponse(words);
  if (op == "continue") return abi::proxy_continue_stream(stream(words[1]));
  if (op == "close") return abi::proxy_close_stream(stream(words[1]));
  if (op == "effective") return abi::proxy_set_effective_context(parseNumber(words[1]));
  if (op == "trap") __builtin_trap();
  if (const auto status = performCall(words, result)) return *status;
  if (const auto status = performGrpc(words, result)) return *status;
  if (const auto status = performState(words, result)) return *status;
  return headers(words, result);
}

}  // namespace

std::string decimal(uint64_t value) {
  std::string digits;
  do {
    digits.insert(digits.begin(), static_cast<char>('0' + value % 10));
    value /= 10;
  } while (value != 0);
  return digits;
}

uint32_t parseNumber(std::string_view digits) {
  uint32_t value = 0;
  for (const char c : digits) {
    if (c >= '0' && c <= '9') value = value * 10 + static_cast<uint32_t>(c - '0');
  }
  return value;
}

std::string show(std::string_view bytes) { return " [" + printable(bytes) + "]"; }

std::string serialize(const Words& words, size_t first) {
  std::string sizes;
  std::string bytes;
  const auto putSize = [](std::string& out, size_t size) {
    for (unsigned shift = 0; shift < 32; shift += 8) out += static_cast<char>((size >> shift) & 0xffU);
  };
  putSize(sizes, words.size() - first);
  for (size_t i = first; i < words.size(); ++i) {
    const size_t equals = words[i].find('=');
    const std::string name = words[i].substr(0, equals);
    const std::string value = words[i].substr(equals + 1);
    putSize(sizes, name.size());
    putSize(sizes, value.size());
    bytes += name + '\0' + value + '\0';
  }
  return sizes + bytes;
}

void perform(const Command& command) {
  std::string result;
  const auto status = hostcall(command.words, result);
  sluice::logInfo(command.event, ": ", command.text, " -> ", status, result);
}

}  // namespace probe
