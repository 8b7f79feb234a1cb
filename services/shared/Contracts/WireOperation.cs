using System.Text.Json.Serialization.Metadata;

namespace P2PCloud.Contracts;

/// <summary>
/// How one kind of request crosses HTTP: <c>POST http://{app}{Path}?vnode={n}</c> with the request as JSON, answered by 200 and the
/// reply as JSON. The path is static, so that proxies' policies and breakers see one route a message, not one a key.
/// </summary>
public sealed record WireOperation(string Path, JsonTypeInfo Request, JsonTypeInfo Reply)
{
    internal static WireOperation Of<TRequest, TReply>(string path)
        where TRequest : class, IRequest<TReply>
        where TReply : class, IMessage =>
        new(path, ContractsJsonContext.Default.GetTypeInfo(typeof(TRequest))!, ContractsJsonContext.Default.GetTypeInfo(typeof(TReply))!);
}
