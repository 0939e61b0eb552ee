// Concurrency: `<pthread.h>`: mutexes, read-write locks, once, keys; no thread can be started
#include <pthread.h>

#include <cerrno>
#include <string>

#include "../feature.h"

static pthread_mutex_t pthread_feature_mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_once_t pthread_feature_once = PTHREAD_ONCE_INIT;
static pthread_key_t pthread_feature_key;

FEATURE(pthread, "busy free kept no thread") {
  pthread_once(&pthread_feature_once, [] { pthread_key_create(&pthread_feature_key, nullptr); });
  pthread_mutex_lock(&pthread_feature_mutex);
  std::string result = pthread_mutex_trylock(&pthread_feature_mutex) == EBUSY ? "busy" : "not locked";
  pthread_mutex_unlock(&pthread_feature_mutex);
  result += pthread_mutex_trylock(&pthread_feature_mutex) == 0 ? " free" : " still locked";
  pthread_setspecific(pthread_feature_key, &pthread_feature_key);
  result += pthread_getspecific(pthread_feature_key) == &pthread_feature_key ? " kept" : " lost";
  pthread_t thread;
  const int status = pthread_create(&thread, nullptr, [](void* argument) { return argument; }, nullptr);
  return result + (status == 0 ? " a thread" : " no thread");
}
