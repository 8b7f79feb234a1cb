using System.CommandLine;
using System.CommandLine.Invocation;
using System.CommandLine.Parsing;

namespace P2PCloud.Cli;

/// <summary>What is wrong with a command line, in one line.</summary>
internal static class Misuse
{
    /// <summary>The first thing that is wrong; null when the line can be carried out.</summary>
    public static string? In(ParseResult parsed)
    {
        if (parsed.Action is not (null or ParseErrorAction))
        {
            // Help, version and suggestions are given whatever else is on the line.
            return parsed.Errors.Count is 0 && parsed.Action is not SynchronousCommandLineAction { Terminating: true } ? UnknownOption(parsed) : null;
        }

        return parsed.CommandResult.Command is { Action: null, Subcommands.Count: > 0 } group
            ? NoCommand(parsed, group)
            : parsed.Errors[0].Message.TrimEnd('.');
    }

    private static string NoCommand(ParseResult parsed, Command group)
    {
        var commands = string.Join(", ", group.Subcommands.Select(command => command.Name));
        return parsed.UnmatchedTokens is [var stray, ..]
            ? $"no command is called '{stray}': use one of {commands}"
            : $"a command is missing: use one of {commands}";
    }

    /// <summary>An argument that takes many words would take a mistyped option too.</summary>
    private static string? UnknownOption(ParseResult parsed) =>
        parsed.Tokens
            .TakeWhile(token => token.Type is not TokenType.DoubleDash)
            .FirstOrDefault(token => token is { Type: TokenType.Argument, Value: ['-', _, ..] }) is { } stray
            ? $"'{stray.Value}' is not an option here; words that begin with - come after --"
            : null;
}
