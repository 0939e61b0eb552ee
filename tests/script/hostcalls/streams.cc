#include <algorithm>
#include <string>

#include "hostcalls.h"

namespace script {
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
  return static_cast<MapType>(toNumber<uint32_t>(word, 0));
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
  return static_cast<BufferType>(toNumber<uint32_t>(word, 0));
}

StreamType stream(std::string_view word) {
  if (word == "request") return StreamType::HttpRequest;
  if (word == "response") return StreamType::HttpResponse;
  if (word == "downstream") return StreamType::Downstream;
  if (word == "upstream") return StreamType::Upstream;
  return static_cast<StreamType>(toNumber<uint32_t>(word, 0));
}

bool isOneOf(std::string_view word, std::initializer_list<std::string_view> words) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

}  // namespace

// get|remove MAP NAME, all|mapsize MAP, setall MAP name=value…, add|replace MAP NAME VALUE
std::optional<Status> callHeaders(const Call& call, std::string& result) {
  const auto op = call.function;
  const auto type = map(call.text(0));
  const auto name = call.text(1);
  const auto value = call.text(2);
  const char* data = nullptr;
  size_t size = 0;
  if (op == "get") {
    const auto status = abi::proxy_get_header_map_value(type, name.data(), name.size(), &data, &size);
    if (status == Status::Ok) result = show({data, size});
    return status;
  }
  if (op == "all") {
    const auto status = abi::proxy_get_header_map_pairs(type, &data, &size);
    if (status == Status::Ok) result = showPairs({data, size});
    return status;
  }
  if (op == "mapsize") {
    const auto status = abi::proxy_get_header_map_size(type, &size);
    if (status == Status::Ok) result = " " + std::to_string(size);
    return status;
  }
  if (op == "setall") {
    const auto list = serialize(call, 1);
    return abi::proxy_set_header_map_pairs(type, list.data(), list.size());
  }
  if (op == "remove") return abi::proxy_remove_header_map_value(type, name.data(), name.size());
  if (op == "add") return abi::proxy_add_header_map_value(type, name.data(), name.size(), value.data(), value.size());
  if (op != "replace") return std::nullopt;
  return abi::proxy_replace_header_map_value(type, name.data(), name.size(), value.data(), value.size());
}

// bodysize BUFFER, getbody BUFFER START LENGTH, setbody BUFFER START LENGTH TEXT
std::optional<Status> callBody(const Call& call, std::string& result) {
  const auto op = call.function;
  if (!isOneOf(op, {"bodysize", "getbody", "setbody"})) return std::nullopt;
  const auto type = buffer(call.text(0));
  const auto start = call.number<uint32_t>(1);
  const auto length = call.number<uint32_t>(2);
  const auto text = call.text(3);
  if (op == "setbody") return abi::proxy_set_buffer_bytes(type, start, length, text.data(), text.size());
  const char* data = nullptr;
  size_t size = 0;
  uint32_t flags = 0;
  const auto status = op == "bodysize" ? abi::proxy_get_buffer_status(type, &size, &flags)
                                       : abi::proxy_get_buffer_bytes(type, start, length, &data, &size);
  if (status == Status::Ok)
    result = op == "bodysize" ? " " + std::to_string(size) + " " + std::to_string(flags) : show({data, size});
  return status;
}

// prop|propsize|propmap PATH, setprop PATH VALUE; dots separate the path's parts, and ~ is a dot in a part.
std::optional<Status> callProperty(const Call& call, std::string& result) {
  const auto op = call.function;
  if (!isOneOf(op, {"prop", "propsize", "propmap", "setprop"})) return std::nullopt;
  std::string path(call.text(0));
  std::replace(path.begin(), path.end(), '.', '\0');
  std::replace(path.begin(), path.end(), '~', '.');
  if (op == "setprop") {
    const auto value = call.text(1);
    return abi::proxy_set_property(path.data(), path.size(), value.data(), value.size());
  }
  const char* data = nullptr;
  size_t size = 0;
  const auto status = abi::proxy_get_property(path.data(), path.size(), &data, &size);
  if (status != Status::Ok) return status;
  if (op == "propsize") {
    result = " " + std::to_string(size);
  } else {
    result = op == "propmap" ? showPairs({data, size}) : show({data, size});
  }
  return status;
}

// continue|close STREAM, effective CONTEXT, local STATUS BODY GRPC DETAILS name=value…
std::optional<Status> callStream(const Call& call) {
  if (call.function == "continue") return abi::proxy_continue_stream(stream(call.text(0)));
  if (call.function == "close") return abi::proxy_close_stream(stream(call.text(0)));
  if (call.function == "effective") return abi::proxy_set_effective_context(call.number<uint32_t>(0));
  if (call.function != "local") return std::nullopt;
  const auto body = call.text(1);
  const auto details = call.text(3);
  const auto headers = call.arguments.size() > 4 ? serialize(call, 4) : std::string();
  return abi::proxy_send_local_response(call.number<uint32_t>(0), details.data(), details.size(), body.data(),
                                        body.size(), headers.empty() ? nullptr : headers.data(), headers.size(),
                                        static_cast<sluice::GrpcStatus>(call.number<int32_t>(2, -1)));
}

}  // namespace script
