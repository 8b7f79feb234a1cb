using System.CommandLine;
using P2PCloud.Contracts.Chord;

namespace P2PCloud.Cli.Commands;

/// <summary>What the commands about keys have in common.</summary>
internal static class KeyOptions
{
    public static Argument<string> Key()
    {
        var key = new Argument<string>("KEY") { Description = "1 to 1024 bytes of UTF-8" };
        key.Validators.Add(result =>
        {
            if (result.Tokens[0].Value is ("" or "." or "..") and var word)
            {
                result.AddError($"'{word}' cannot be a key");
            }
        });
        return key;
    }

    public static Option<string> Consistency() =>
        Values.OneOf("--consistency", "Copies that take part: a majority (quorum) or the owner alone (one)", ["quorum", "one"]);

    public static Option<string?> From() =>
        new("--from") { Description = "Entry peer, else the gateway picks one", HelpName = "PEER" };

    public static Option<KeyVersion?> IfVersion() => new("--if-version")
    {
        Description = "Only if this is the current version, as put and get-key tell it",
        HelpName = "VERSION",
        CustomParser = result =>
        {
            if (!KeyVersion.TryParse(result.Tokens[0].Value, out var version))
            {
                result.AddError($"--if-version is a version as put prints it, not '{result.Tokens[0].Value}'");
            }

            return version;
        },
    };
}
