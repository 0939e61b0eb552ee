// The script filter's context for TCP connections.
#pragma once

#include "contexts.h"

namespace script {

class Connection : public sluice::TcpContext {
 public:
  explicit Connection(Root& root) : root_(root) {}
  ~Connection() override;
  void onCreate() override;
  sluice::FilterStatus onNewConnection() override;
  sluice::FilterStatus onDownstreamData(size_t size, bool endOfStream) override;
  sluice::FilterStatus onUpstreamData(size_t size, bool endOfStream) override;
  void onDownstreamConnectionClose(sluice::PeerType closedBy) override;
  void onUpstreamConnectionClose(sluice::PeerType closedBy) override;
  bool onDone() override;
  void onLog() override;
  void onDelete() override;

 private:
  int happen(const Callback& callback, std::string detail = {}, std::optional<bool> endOfStream = {}, int answer = 0);

  Root& root_;
};

}  // namespace script
