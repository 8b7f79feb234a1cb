using System.Text.Json;
using System.Text.Json.Serialization;
using P2PCloud.Local;

namespace P2PCloud.Cli.Output;

/// <summary>What <c>up</c> prints.</summary>
internal static class CloudText
{
    /// <summary>The services and where they listen.</summary>
    public static void WriteServices(CliConsole console, IReadOnlyList<ServiceAddress> services)
    {
        var table = new TextTable("service", "endpoint");
        foreach (var (app, endpoint) in services)
        {
            table.Add(app, endpoint);
        }

        table.WriteTo(console);
    }

    /// <summary>The line <c>ready: URL</c>, or one JSON document with all there is to say.</summary>
    public static void WriteReady(CliConsole console, LocalCloud cloud, bool json)
    {
        var gateway = cloud.Gateway.ToString().TrimEnd('/');
        console.Error.WriteLine($"{cloud.FilesShared} files shared, {cloud.LinksSkipped} symbolic links skipped{Others(cloud.OthersSkipped)}");
        if (json)
        {
            var document = new CloudDocument(gateway, cloud.FilesShared, cloud.LinksSkipped, cloud.OthersSkipped, cloud.Services);
            console.Out.WriteLine(JsonSerializer.Serialize(document, CloudJsonContext.Default.CloudDocument));
            return;
        }

        console.Out.WriteLine($"ready: {gateway}");
    }

    /// <summary>What a folder had besides files, folders and links; nothing in most.</summary>
    public static string Others(int skipped) => skipped is 0 ? "" : $", {skipped} pipes and devices skipped";
}

/// <summary>What <c>up --output json</c> prints when the cloud is ready.</summary>
internal sealed record CloudDocument(string Gateway, int FilesShared, int LinksSkipped, int OthersSkipped, IReadOnlyList<ServiceAddress> Services);

/// <summary>JSON of <c>up</c>.</summary>
[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(CloudDocument))]
internal sealed partial class CloudJsonContext : JsonSerializerContext;
