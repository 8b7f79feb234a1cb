using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace P2PCloud.Architecture.Tests;

/// <summary>What a built assembly refers to.</summary>
internal static class EngineAssembly
{
    private static readonly string[] BannedAssemblies =
    [
        "System.Net.", "Microsoft.AspNetCore.", "Microsoft.Extensions.", "StackExchange.Redis", "Dapr.", "OpenTelemetry", "Grpc.", "Google.Protobuf",
    ];

    private static readonly string[] BannedNamespaces = ["System.Net", "System.IO", "System.Threading.Tasks", "System.Threading.Channels"];

    /// <summary>References to assemblies and namespaces that do I/O.</summary>
    public static IEnumerable<string> Violations(string path)
    {
        using var stream = File.OpenRead(path);
        using var image = new PEReader(stream);
        var metadata = image.GetMetadataReader();
        var assemblies = metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))
            .Where(name => BannedAssemblies.Any(banned => name.StartsWith(banned, StringComparison.Ordinal)))
            .Select(name => $"assembly {name}");
        var types = metadata.TypeReferences.Select(metadata.GetTypeReference)
            .Select(type => (Space: metadata.GetString(type.Namespace), Name: metadata.GetString(type.Name)))
            .Where(type => BannedNamespaces.Any(banned => type.Space == banned || type.Space.StartsWith($"{banned}.", StringComparison.Ordinal)))
            .Select(type => $"type {type.Space}.{type.Name}");
        return [.. assemblies, .. types];
    }
}
