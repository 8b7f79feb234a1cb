using System.CommandLine;
using System.Globalization;

namespace P2PCloud.Cli.Commands;

/// <summary>Options whose values are checked, with one line that says what is expected.</summary>
internal static class Values
{
    /// <summary>An option that takes one of some words; the first is its default.</summary>
    public static Option<string> OneOf(string name, string description, IReadOnlyList<string> words)
    {
        var option = MaybeOneOf(name, description, words);
        option.DefaultValueFactory = _ => words[0];
        return option;
    }

    /// <summary>An option that takes one of some words, or is left out.</summary>
    public static Option<string> MaybeOneOf(string name, string description, IReadOnlyList<string> words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', words) };
        option.CompletionSources.Add(_ => words);
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } word && !words.Contains(word))
            {
                result.AddError($"{name} is {string.Join(", ", words.SkipLast(1))} or {words[^1]}, not '{word}'");
            }
        });
        return option;
    }

    /// <summary>An option that takes a whole number; null when it is not given and has no default.</summary>
    public static Option<int?> Integer(string name, string description, int least, int most, int? ifAbsent = null) =>
        new(name)
        {
            Description = description,
            HelpName = "N",
            DefaultValueFactory = _ => ifAbsent,
            CustomParser = result =>
            {
                var text = result.Tokens[0].Value;
                if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var value) && value >= least && value <= most)
                {
                    return value;
                }

                result.AddError($"{name} is a whole number from {least} to {most}, not '{text}'");
                return null;
            },
        };
}
