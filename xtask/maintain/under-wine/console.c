/* console.exe LINE: runs the command line in a console of its own, which has no window, and presses Ctrl-C there once a byte
   comes. Ends as the program does. */
#include <stdio.h>
#include <windows.h>

static BOOL WINAPI stay(DWORD event)
{
    (void)event;
    return TRUE;
}

static HANDLE start(wchar_t *line, HANDLE input, DWORD flags)
{
    PROCESS_INFORMATION started;
    STARTUPINFOW how = {.cb = sizeof how, .dwFlags = STARTF_USESTDHANDLES, .hStdInput = input};
    how.hStdOutput = GetStdHandle(STD_OUTPUT_HANDLE);
    how.hStdError = GetStdHandle(STD_ERROR_HANDLE);
    if (!CreateProcessW(NULL, line, NULL, NULL, TRUE, flags, NULL, NULL, &how, &started)) {
        fprintf(stderr, "the program cannot be started: error %lu\n", GetLastError());
        ExitProcess(99);
    }
    return started.hProcess;
}

static DWORD end(HANDLE program)
{
    DWORD code = 98;
    WaitForSingleObject(program, INFINITE);
    GetExitCodeProcess(program, &code);
    return code;
}

int wmain(int count, wchar_t **arguments)
{
    HANDLE input = GetStdHandle(STD_INPUT_HANDLE), program, nothing;
    SECURITY_ATTRIBUTES inherited = {sizeof inherited, NULL, TRUE};
    DWORD read = 0;
    char byte;

    if (count != 2)
        return 97;
    /* First for the console, then in it. */
    if (!GetEnvironmentVariableW(L"WORKSHOP_IN_CONSOLE", NULL, 0)) {
        SetEnvironmentVariableW(L"WORKSHOP_IN_CONSOLE", L"1");
        return end(start(GetCommandLineW(), input, CREATE_NO_WINDOW));
    }
    nothing = CreateFileW(L"NUL", GENERIC_READ, FILE_SHARE_READ, &inherited, OPEN_EXISTING, 0, NULL);
    program = start(arguments[1], nothing, 0);
    SetConsoleCtrlHandler(stay, TRUE);
    if (ReadFile(input, &byte, 1, &read, NULL) && read == 1)
        if (!GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0))
            fprintf(stderr, "nothing was pressed: error %lu\n", GetLastError());
    return end(program);
}
