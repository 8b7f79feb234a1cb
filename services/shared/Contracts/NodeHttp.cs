namespace P2PCloud.Contracts;

/// <summary>What a request between services carries besides its URI <c>http://{app-id}/{static path}</c>.</summary>
public static class NodeHttp
{
    /// <summary>Request option: base address of the node, for direct invocation; Dapr ignores it.</summary>
    public static HttpRequestOptionsKey<string> Endpoint { get; } = new("P2PCloud.Endpoint");
}
