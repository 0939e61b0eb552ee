// POSIX threads for a program with one thread, for the C library that declares their types and nothing else.
#ifndef SLUICE_ONE_THREAD_PTHREAD_H
#define SLUICE_ONE_THREAD_PTHREAD_H

#include <errno.h>
#include <stddef.h>

#define __NEED_time_t
#define __NEED_clockid_t
#define __NEED_struct_timespec
#define __NEED_pthread_t
#define __NEED_pthread_once_t
#define __NEED_pthread_key_t
#define __NEED_pthread_mutexattr_t
#define __NEED_pthread_condattr_t
#define __NEED_pthread_rwlockattr_t
#define __NEED_pthread_attr_t
#define __NEED_pthread_mutex_t
#define __NEED_pthread_cond_t
#define __NEED_pthread_rwlock_t
#include <bits/alltypes.h>

#define PTHREAD_MUTEX_INITIALIZER \
  {                               \
    {{0}}                         \
  }
#define PTHREAD_RWLOCK_INITIALIZER \
  {                                \
    {{0}}                          \
  }
#define PTHREAD_COND_INITIALIZER \
  {                              \
    {{0}}                        \
  }
#define PTHREAD_ONCE_INIT 0

#define PTHREAD_MUTEX_NORMAL 0
#define PTHREAD_MUTEX_DEFAULT 0
#define PTHREAD_MUTEX_RECURSIVE 1
#define PTHREAD_MUTEX_ERRORCHECK 2
#define PTHREAD_CREATE_JOINABLE 0
#define PTHREAD_CREATE_DETACHED 1
#define PTHREAD_KEYS_MAX 128

#ifdef __cplusplus
extern "C" {
#endif

// The C library's, and the SDK's in a filter, which logs the line.
_Noreturn void __assert_fail(const char*, const char*, int, const char*);

#define SLUICE_ONE_THREAD_WAIT_FOR_EVER() \
  __assert_fail("it would wait for ever: a filter has one thread", "pthread.h", __LINE__, __func__)

// The values of keys, one definition in the program however many files include this one.
__attribute__((weak, visibility("hidden"))) const void* sluice_one_thread_values[PTHREAD_KEYS_MAX];
__attribute__((weak, visibility("hidden"))) unsigned sluice_one_thread_keys;

static inline pthread_t pthread_self(void) { return (pthread_t)1; }
static inline int pthread_equal(pthread_t a, pthread_t b) { return a == b; }
static inline int pthread_create(pthread_t* thread, const pthread_attr_t* attributes, void* (*run)(void*),
                                 void* argument) {
  (void)thread, (void)attributes, (void)run, (void)argument;
  return EAGAIN;
}
static inline int pthread_join(pthread_t thread, void** result) {
  (void)thread, (void)result;
  return ESRCH;
}
static inline int pthread_detach(pthread_t thread) {
  (void)thread;
  return ESRCH;
}
static inline int pthread_cancel(pthread_t thread) {
  (void)thread;
  return ESRCH;
}
static inline _Noreturn void pthread_exit(void* result) {
  (void)result;
  __assert_fail("the one thread of a filter cannot end", "pthread.h", __LINE__, __func__);
}
static inline int pthread_atfork(void (*prepare)(void), void (*parent)(void), void (*child)(void)) {
  (void)prepare, (void)parent, (void)child;
  return 0;
}
static inline int pthread_attr_init(pthread_attr_t* attributes) {
  (void)attributes;
  return 0;
}
static inline int pthread_attr_destroy(pthread_attr_t* attributes) {
  (void)attributes;
  return 0;
}
static inline int pthread_attr_setdetachstate(pthread_attr_t* attributes, int state) {
  (void)attributes, (void)state;
  return 0;
}

static inline int pthread_once(pthread_once_t* once, void (*run)(void)) {
  if (*once) return 0;
  *once = 1;
  run();
  return 0;
}

static inline int pthread_key_create(pthread_key_t* key, void (*destroy)(void*)) {
  (void)destroy;  // The thread does not end.
  if (sluice_one_thread_keys == PTHREAD_KEYS_MAX) return EAGAIN;
  *key = sluice_one_thread_keys++;
  return 0;
}
static inline int pthread_key_delete(pthread_key_t key) {
  sluice_one_thread_values[key] = NULL;
  return 0;
}
static inline void* pthread_getspecific(pthread_key_t key) { return (void*)sluice_one_thread_values[key]; }
static inline int pthread_setspecific(pthread_key_t key, const void* value) {
  sluice_one_thread_values[key] = value;
  return 0;
}

static inline int pthread_mutexattr_init(pthread_mutexattr_t* attributes) {
  attributes->__attr = PTHREAD_MUTEX_DEFAULT;
  return 0;
}
static inline int pthread_mutexattr_destroy(pthread_mutexattr_t* attributes) {
  (void)attributes;
  return 0;
}
static inline int pthread_mutexattr_settype(pthread_mutexattr_t* attributes, int type) {
  if (type < PTHREAD_MUTEX_NORMAL || type > PTHREAD_MUTEX_ERRORCHECK) return EINVAL;
  attributes->__attr = (unsigned)type;
  return 0;
}

// A mutex is two numbers here: its type, and how often it is locked.
static inline int pthread_mutex_init(pthread_mutex_t* mutex, const pthread_mutexattr_t* attributes) {
  mutex->__u.__i[0] = attributes == NULL ? PTHREAD_MUTEX_DEFAULT : (int)attributes->__attr;
  mutex->__u.__i[1] = 0;
  return 0;
}
static inline int pthread_mutex_destroy(pthread_mutex_t* mutex) {
  (void)mutex;
  return 0;
}
static inline int pthread_mutex_trylock(pthread_mutex_t* mutex) {
  if (mutex->__u.__i[1] != 0 && mutex->__u.__i[0] != PTHREAD_MUTEX_RECURSIVE) return EBUSY;
  ++mutex->__u.__i[1];
  return 0;
}
static inline int pthread_mutex_lock(pthread_mutex_t* mutex) {
  const int status = pthread_mutex_trylock(mutex);
  if (status == 0) return 0;
  if (mutex->__u.__i[0] == PTHREAD_MUTEX_ERRORCHECK) return EDEADLK;
  SLUICE_ONE_THREAD_WAIT_FOR_EVER();
}
static inline int pthread_mutex_timedlock(pthread_mutex_t* mutex, const struct timespec* until) {
  (void)until;
  return pthread_mutex_trylock(mutex) == 0 ? 0 : ETIMEDOUT;
}
static inline int pthread_mutex_unlock(pthread_mutex_t* mutex) {
  if (mutex->__u.__i[1] == 0) return EPERM;
  --mutex->__u.__i[1];
  return 0;
}

// How many share a lock; -1: one writes.
static inline int pthread_rwlock_init(pthread_rwlock_t* lock, const pthread_rwlockattr_t* attributes) {
  (void)attributes;
  lock->__u.__i[0] = 0;
  return 0;
}
static inline int pthread_rwlock_destroy(pthread_rwlock_t* lock) {
  (void)lock;
  return 0;
}
static inline int pthread_rwlock_tryrdlock(pthread_rwlock_t* lock) {
  if (lock->__u.__i[0] < 0) return EBUSY;
  ++lock->__u.__i[0];
  return 0;
}
static inline int pthread_rwlock_rdlock(pthread_rwlock_t* lock) {
  if (pthread_rwlock_tryrdlock(lock) != 0) SLUICE_ONE_THREAD_WAIT_FOR_EVER();
  return 0;
}
static inline int pthread_rwlock_trywrlock(pthread_rwlock_t* lock) {
  if (lock->__u.__i[0] != 0) return EBUSY;
  lock->__u.__i[0] = -1;
  return 0;
}
static inline int pthread_rwlock_wrlock(pthread_rwlock_t* lock) {
  if (pthread_rwlock_trywrlock(lock) != 0) SLUICE_ONE_THREAD_WAIT_FOR_EVER();
  return 0;
}
static inline int pthread_rwlock_unlock(pthread_rwlock_t* lock) {
  lock->__u.__i[0] = lock->__u.__i[0] < 0 ? 0 : lock->__u.__i[0] - 1;
  return 0;
}

static inline int pthread_condattr_init(pthread_condattr_t* attributes) {
  (void)attributes;
  return 0;
}
static inline int pthread_condattr_destroy(pthread_condattr_t* attributes) {
  (void)attributes;
  return 0;
}
static inline int pthread_condattr_setclock(pthread_condattr_t* attributes, clockid_t clock) {
  (void)attributes, (void)clock;
  return 0;
}
static inline int pthread_cond_init(pthread_cond_t* condition, const pthread_condattr_t* attributes) {
  (void)condition, (void)attributes;
  return 0;
}
static inline int pthread_cond_destroy(pthread_cond_t* condition) {
  (void)condition;
  return 0;
}
static inline int pthread_cond_signal(pthread_cond_t* condition) {
  (void)condition;
  return 0;
}
static inline int pthread_cond_broadcast(pthread_cond_t* condition) {
  (void)condition;
  return 0;
}
static inline int pthread_cond_wait(pthread_cond_t* condition, pthread_mutex_t* mutex) {
  (void)condition, (void)mutex;
  SLUICE_ONE_THREAD_WAIT_FOR_EVER();
}
static inline int pthread_cond_timedwait(pthread_cond_t* condition, pthread_mutex_t* mutex,
                                         const struct timespec* until) {
  (void)condition, (void)mutex, (void)until;
  SLUICE_ONE_THREAD_WAIT_FOR_EVER();
}

#ifdef __cplusplus
}
#endif

#endif
