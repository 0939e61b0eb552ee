// Included into each file by add_compile_options().
#define FROM_OPTIONS "an option of the folder"
