using System.CommandLine;
using System.CommandLine.Parsing;
using P2PCloud.Cli.Gateway;
using P2PCloud.Cli.Output;
using P2PCloud.Contracts;
using P2PCloud.Contracts.Api;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Cli.Commands;

/// <summary><c>find WORDS..</c>: the same question to one technique, or to all four for comparison.
/// With all four, a mode counts for the technique that has it.</summary>
internal static class FindCommand
{
    private const string All = "all";
    private const int LimitMax = 100;

    public static Command Describe(CliConsole console, GlobalOptions options)
    {
        var words = new Argument<string[]>("WORDS")
        {
            Description = "Words that all occur in the file's name",
            Arity = ArgumentArity.OneOrMore,
        };
        var technique = Values.OneOf("--technique", "How to search", [All, .. Techniques.All]);
        technique.Aliases.Add("-t");
        var from = new Option<string?>("--from") { Description = "Entry peer, else the gateway picks one", HelpName = "PEER" };
        var mode = Values.MaybeOneOf("--mode", "How chord or gnutella looks, else its first mode", LookupModes.Words);
        var limit = Values.Integer("--limit", "Most matches", 1, LimitMax);
        var command = new Command("find", "Search by words of the name") { words, technique, from, mode, limit };
        command.Validators.Add(result =>
        {
            if (WordOf(result, technique) is { } asked && Techniques.All.Contains(asked)
                && WordOf(result, mode) is { } word && LookupModes.Words.Contains(word) && LookupModes.ProblemOf(asked, word) is { } problem)
            {
                result.AddError($"--{problem}");
            }
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var connected = options.Connect(parsed);
            if (connected is not { Value: { } gateway })
            {
                return console.Fail(connected.Failure!);
            }

            using (gateway)
            {
                var question = new LookupQuestion(
                    string.Join(' ', parsed.GetRequiredValue(words)),
                    parsed.GetRequiredValue(technique),
                    parsed.GetValue(from),
                    parsed.GetValue(mode),
                    parsed.GetValue(limit));
                return await RunAsync(console, gateway, question, options.IsJson(parsed), cancellationToken);
            }
        });
        return command;
    }

    /// <summary>The word that was given; null where there is none, as while it is being typed.</summary>
    private static string? WordOf(CommandResult result, Option<string> option) =>
        result.GetResult(option) is { Tokens: [var token, ..] } ? token.Value : null;

    private static async Task<int> RunAsync(
        CliConsole console, GatewayClient gateway, LookupQuestion question, bool json, CancellationToken cancellationToken)
    {
        var answers = new List<Document<LookupResult>>();
        var all = question.Technique is All;
        var exitCode = ExitCodes.Ok;
        foreach (var technique in all ? Techniques.All : [question.Technique])
        {
            // One entry peer for all: otherwise the comparison would be one of places, not of techniques.
            var from = question.From ?? answers.FirstOrDefault()?.Value.From;
            var mode = LookupModes.Find(technique, question.Mode) is null ? null : question.Mode;
            var reply = await gateway.LookupAsync(question with { Technique = technique, From = from, Mode = mode }, cancellationToken);
            if (reply.Value is { } answer)
            {
                answers.Add(answer);
                continue;
            }

            var failure = reply.Failure!;
            exitCode = console.Fail(all && !failure.Fatal ? failure with { Message = $"{technique}: {failure.Message}" } : failure);
            if (failure.Fatal)
            {
                break;
            }
        }

        if (answers.Count > 0)
        {
            Write(console, question, answers, json);
        }

        var found = answers.Any(answer => answer.Value.Matches.Count > 0);
        if (answers.Count > 0 && !found)
        {
            console.Error.WriteLine($"p2pcloud: nothing found for '{Printable.Line(question.Query)}'");
        }

        return exitCode is ExitCodes.Ok && !found ? ExitCodes.Failed : exitCode;
    }

    private static void Write(CliConsole console, LookupQuestion question, List<Document<LookupResult>> answers, bool json)
    {
        if (question.Technique is not All)
        {
            if (json)
            {
                console.Out.WriteLine(answers[0].Json);
            }
            else
            {
                LookupText.WriteOne(console, answers[0].Value);
            }
        }
        else if (json)
        {
            console.Out.WriteLine($"[{string.Join(",", answers.Select(answer => answer.Json))}]");
        }
        else
        {
            LookupText.WriteComparison(console, [.. answers.Select(answer => answer.Value)], question.Limit ?? LimitMax);
        }
    }
}
