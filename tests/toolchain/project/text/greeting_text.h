#define GREETING_TEXT "good morning"
