// Hostcalls that concern a stream: buffers, header maps, continuing, closing, local responses.
#include <algorithm>
#include <limits>

#include "abi/hostcalls.h"
#include "abi/pairs.h"

namespace sluice::host {
namespace {

bool known(MapType map) { return map >= MapType::HttpRequestHeaders && map <= MapType::HttpCallResponseTrailers; }

bool known(BufferType type) {
  return type >= BufferType::HttpRequestBody && type <= BufferType::ForeignFunctionArguments;
}

bool known(StreamType stream) { return stream >= StreamType::HttpRequest && stream <= StreamType::Upstream; }

}  // namespace

void Hostcalls::checkRoomIn(const HeaderMap& map, uint64_t bytes) {
  charge(map);
  caller_.checkSize(map.byteSize() + kept(0) * map.size() + kept(bytes), "a header map");
}

void Hostcalls::checkActions() {
  const uint64_t limit = context_.instance().options().limits.callbacks;
  if (context_.instance().actions() < limit) return;
  throw Error(ErrorKind::OutOfSteps, "the guest continued and closed streams more than " + std::to_string(limit) +
                                         " times in one callback (Limits::callbacks)");
}

BufferView Hostcalls::buffer(BufferType type) {
  BufferView view = context_.buffer(type);
  if (view.kind == BufferView::Kind::Absent && !host_.profile.absentReadsAsEmpty) view.kind = BufferView::Kind::None;
  return view;
}

Status Hostcalls::proxy_set_buffer_bytes(BufferType type, Length start, Length size, Bytes value) {
  if (!known(type)) return Status::BadArgument;
  BufferView view = buffer(type);
  if (view.kind == BufferView::Kind::None) return Status::NotFound;
  if (view.kind != BufferView::Kind::Body) return Status::BadArgument;
  std::string& body = *view.body;
  caller_.charge(body.size() / kBytesPerStep);  // What is behind the new bytes moves.
  caller_.checkSize(body.size() + value.view.size(), "a body");
  if (start.value == 0 && size.value == 0) {
    body.insert(0, value.view);
  } else if (start.value == 0 && size.value >= body.size()) {
    body.assign(value.view);
  } else if (start.value >= body.size()) {
    body.append(value.view);
  } else if (start.value == 0 || host_.profile.spliceBuffers) {
    body.replace(start.value, std::min<uint64_t>(size.value, body.size() - start.value), value.view);
  } else {
    return Status::BadArgument;
  }
  return Status::Ok;
}

Status Hostcalls::proxy_get_buffer_bytes(BufferType type, Length start, Length size, OutBytes bytes) {
  if (!known(type)) return Status::BadArgument;
  BufferView view = buffer(type);
  if (view.kind == BufferView::Kind::None) return Status::NotFound;
  // The reference host adds the two as 64-bit numbers, so it refuses only a sum that overflows 64 bits.
  if (start.value > std::numeric_limits<uint64_t>::max() - size.value) return Status::BadArgument;
  std::string_view all = view.bytes();
  if (start.value >= all.size()) return bytes.write({});
  return bytes.write(all.substr(start.value, size.value));
}

Status Hostcalls::proxy_get_buffer_status(BufferType type, Out<Length> size, Out<uint32_t> unused) {
  if (!known(type)) return Status::BadArgument;
  BufferView view = buffer(type);
  if (view.kind == BufferView::Kind::None) return Status::NotFound;
  Status status = size.write(view.bytes().size());
  return status == Status::Ok ? unused.write(0) : status;
}

Status Hostcalls::proxy_get_header_map_size(MapType map, Out<Length> size) {
  if (!known(map)) return Status::BadArgument;
  const HeaderMap* headers = context_.writableMap(map);  // The size of a read-only map is not available.
  if (headers == nullptr) return Status::BadArgument;
  charge(*headers);
  return size.write(headers->byteSize());
}

Status Hostcalls::proxy_get_header_map_pairs(MapType map, OutBytes pairs) {
  if (!known(map)) return Status::BadArgument;
  const HeaderMap* headers = context_.readableMap(map);
  if (headers == nullptr && !host_.profile.absentReadsAsEmpty) return Status::NotFound;
  if (headers == nullptr || headers->size() == 0) return pairs.write({});
  charge(*headers);
  return pairs.write(encodePairs(headers->entries()));
}

Status Hostcalls::proxy_set_header_map_pairs(MapType map, Bytes pairs) {
  if (!known(map)) return Status::BadArgument;
  HeaderMap* headers = context_.writableMap(map);
  if (headers == nullptr) return Status::BadArgument;
  headers->clear();
  for (const auto& [name, value] : decodePairs(pairs.view)) headers->add(name, value);
  return Status::Ok;
}

Status Hostcalls::proxy_get_header_map_value(MapType map, Bytes key, OutBytes value) {
  if (!known(map)) return Status::BadArgument;
  const HeaderMap* headers = context_.readableMap(map);
  if (headers == nullptr && !context_.logging()) return Status::BadArgument;
  if (headers != nullptr) charge(*headers);
  auto found = headers == nullptr ? std::nullopt : headers->get(key.view);
  if (found) return value.write(std::string(*found));
  return context_.instance().abiVersion() == 10 ? value.write({}) : Status::NotFound;
}

Status Hostcalls::proxy_add_header_map_value(MapType map, Bytes key, Bytes value) {
  if (!known(map)) return Status::BadArgument;
  HeaderMap* headers = context_.writableMap(map);
  if (headers == nullptr) return Status::BadArgument;
  checkRoomIn(*headers, key.view.size() + value.view.size());
  headers->add(key.view, value.view);
  return Status::Ok;
}

Status Hostcalls::proxy_replace_header_map_value(MapType map, Bytes key, Bytes value) {
  if (!known(map)) return Status::BadArgument;
  HeaderMap* headers = context_.writableMap(map);
  if (headers == nullptr) return Status::BadArgument;
  checkRoomIn(*headers, key.view.size() + value.view.size());
  headers->set(key.view, value.view);
  return Status::Ok;
}

Status Hostcalls::proxy_remove_header_map_value(MapType map, Bytes key) {
  if (!known(map)) return Status::BadArgument;
  HeaderMap* headers = context_.writableMap(map);
  if (headers == nullptr) return Status::BadArgument;
  charge(*headers);
  headers->remove(key.view);
  return Status::Ok;
}

Status Hostcalls::proxy_continue_request() { return proxy_continue_stream(StreamType::HttpRequest); }

Status Hostcalls::proxy_continue_response() { return proxy_continue_stream(StreamType::HttpResponse); }

Status Hostcalls::proxy_clear_route_cache() { return Status::Ok; }

Status Hostcalls::proxy_continue_stream(StreamType stream) {
  checkActions();
  return known(stream) ? context_.continueStream(stream) : Status::BadArgument;
}

Status Hostcalls::proxy_close_stream(StreamType stream) {
  checkActions();
  return known(stream) ? context_.closeStream(stream) : Status::BadArgument;
}

Status Hostcalls::proxy_send_local_response(uint32_t code, Bytes details, Bytes body, Bytes headers,
                                            GrpcStatus grpcStatus) {
  LocalResponse response{code, std::string(details.view), std::string(body.view), decodePairs(headers.view), {}};
  for (char& c : response.details) {
    if (c == ' ' || (c >= '\t' && c <= '\r')) c = '_';
  }
  if (grpcStatus >= GrpcStatus::Ok && grpcStatus <= GrpcStatus::Unauthenticated) {
    response.grpcStatus = static_cast<uint32_t>(grpcStatus);
  }
  context_.sendLocalResponse(std::move(response));
  context_.instance().stopIteration();
  return Status::Ok;
}

}  // namespace sluice::host
