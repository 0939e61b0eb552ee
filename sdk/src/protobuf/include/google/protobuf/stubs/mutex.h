// Replaces protobuf's header of this name for guests, which have one thread: its locks do nothing, and add no
// code.
#ifndef GOOGLE_PROTOBUF_STUBS_MUTEX_H_
#define GOOGLE_PROTOBUF_STUBS_MUTEX_H_

// The initializer of a static lock in protobuf: empty.
#define GOOGLE_PROTOBUF_LINKER_INITIALIZED

namespace google::protobuf {
namespace internal {

class WrappedMutex {
 public:
  constexpr WrappedMutex() = default;
  void Lock() {}
  void Unlock() {}
  void AssertHeld() const {}
};

using Mutex = WrappedMutex;

class MutexLock {
 public:
  explicit MutexLock(Mutex*) {}
  MutexLock(const MutexLock&) = delete;
  MutexLock& operator=(const MutexLock&) = delete;
};

using ReaderMutexLock = MutexLock;
using WriterMutexLock = MutexLock;
using MutexLockMaybe = MutexLock;

}  // namespace internal

using internal::Mutex;
using internal::MutexLock;
using internal::MutexLockMaybe;
using internal::ReaderMutexLock;
using internal::WriterMutexLock;

}  // namespace google::protobuf

#endif
