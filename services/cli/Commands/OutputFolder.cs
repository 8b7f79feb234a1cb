using System.CommandLine;

namespace P2PCloud.Cli.Commands;

/// <summary>The option of commands that write several files.</summary>
internal static class OutputFolder
{
    /// <summary><c>--out DIR</c>: a folder that is there or can be made.</summary>
    public static Option<string> Option(string description)
    {
        var folder = new Option<string>("--out") { Description = description, HelpName = "DIR", Required = true };
        folder.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<string>() is { } path && (path is "" || File.Exists(path)))
            {
                result.AddError($"--out is a folder, not '{path}'");
            }
        });
        return folder;
    }
}
