using System.CommandLine;

namespace P2PCloud.Cli.Commands;

/// <summary><c>completion SHELL</c>: prints a script that asks this command for suggestions through its <c>[suggest]</c> directive.</summary>
internal static class CompletionCommand
{
    private static readonly string[] Shells = ["bash", "zsh", "fish"];

    public static Command Describe(CliConsole console)
    {
        var shell = new Argument<string>("SHELL") { Description = "bash, zsh or fish", HelpName = string.Join('|', Shells) };
        shell.CompletionSources.Add(_ => Shells);
        shell.Validators.Add(result =>
        {
            if (!Shells.Contains(result.Tokens[0].Value))
            {
                result.AddError($"SHELL is bash, zsh or fish, not '{result.Tokens[0].Value}'");
            }
        });
        var command = new Command("completion", "Print a shell's completion script") { shell };
        command.SetAction(parsed =>
        {
            console.Out.Write(ScriptFor(parsed.GetRequiredValue(shell)));
            return ExitCodes.Ok;
        });
        return command;
    }

    private static string ScriptFor(string shell) => shell switch
    {
        "bash" => """
            # eval "$(p2pcloud completion bash)"
            _p2pcloud() {
                local word="${COMP_WORDS[COMP_CWORD]}" suggestions
                suggestions="$("$1" "[suggest:${COMP_POINT}]" "${COMP_LINE}" 2>/dev/null)"
                local IFS=$'\n'
                COMPREPLY=($(compgen -W "${suggestions}" -- "${word}"))
            }
            complete -o default -F _p2pcloud p2pcloud

            """,
        "zsh" => """
            # eval "$(p2pcloud completion zsh)"
            _p2pcloud() {
                local -a suggestions
                suggestions=("${(@f)$("${words[1]}" "[suggest:${CURSOR}]" "${BUFFER}" 2>/dev/null)}")
                if [[ -n "${suggestions[1]}" ]]; then
                    compadd -- "${suggestions[@]}"
                else
                    _files
                fi
            }
            compdef _p2pcloud p2pcloud

            """,
        _ => """
            # p2pcloud completion fish | source
            function __p2pcloud_suggestions
                set -l line (commandline --cut-at-cursor)
                set -l command (commandline --tokenize)[1]
                $command "[suggest:"(string length -- "$line")"]" "$line" 2>/dev/null
            end
            complete --command p2pcloud --arguments '(__p2pcloud_suggestions)'

            """,
    };
}
