using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.OpenApi;
using P2PCloud.Contracts;
using P2PCloud.Gateway.Endpoints;
using P2PCloud.Gateway.Keys;
using P2PCloud.Gateway.Lookups;
using P2PCloud.Overlays.Chord;
using P2PCloud.Overlays.Common;

namespace P2PCloud.Gateway.OpenApi;

/// <summary>
/// What the types of the handlers do not say. Parameters are bound as text, so that a bad one gets an answer that explains it; the
/// document gives their real types.
/// </summary>
internal static class OperationDetails
{
    private static readonly (string Name, string Description)[] FetchHeaders =
    [
        ("Range", "One range of bytes, for example bytes=0-1023."),
        ("If-Range", "The ETag, that is the content id in quotes: the range holds only for these bytes."),
        ("If-None-Match", "The ETag: 304 when the client has these bytes already."),
    ];

    private static readonly (string Name, string Description)[] KeyConditions =
    [
        ("If-Match", "One strong ETag: only if this is the current version; or *: only if there is a value."),
        ("If-None-Match", "*: only if there is no value."),
    ];

    public static void Add(OpenApiOperation operation, string? method)
    {
        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            (parameter.Schema, parameter.Required) = (operation.OperationId, parameter.Name) switch
            {
                ("listFiles", "limit") => (Number(FileEndpoints.ListMax), false),
                ("lookup", "limit") => (Number(LookupQuery.LimitMax), false),
                ("lookup", "technique") => (OneOf(Techniques.All), true),
                ("lookup", "mode") => (OneOf(LookupModes.Words), false),
                ("lookup", "q") => (new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = 256 }, true),
                ("shareFile", "name") => (new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1 }, true),
                ("putKey", "ttl") => (new OpenApiSchema { Type = JsonSchemaType.Integer, Format = "int32", Minimum = "1" }, false),
                (_, "consistency") => (OneOf(KeyQuery.Consistencies), false),
                (_, "key") => (new OpenApiSchema { Type = JsonSchemaType.String, MinLength = 1, MaxLength = KeyLimits.KeyBytesMax }, true),
                (_, "contentId") or (_, "after") => (ContentId(), parameter.In is ParameterLocation.Path),
                _ => (new OpenApiSchema { Type = JsonSchemaType.String }, parameter.Required),
            };
        }

        switch (operation.OperationId)
        {
            case "shareFile":
                operation.RequestBody = new OpenApiRequestBody
                {
                    Description = "The bytes of the file.",
                    Required = true,
                    Content = Bytes(),
                };
                AddHeader(operation.Responses?["201"], "Location", "Where the file can be fetched.");
                break;
            case "putKey":
                operation.RequestBody = new OpenApiRequestBody { Description = "The value: at most 65,536 bytes.", Required = true, Content = Bytes() };
                AddHeaderParameters(operation, KeyConditions);
                AddHeader(operation.Responses?["200"], "ETag", "The version in quotes.");
                AddHeader(operation.Responses?["412"], "ETag", "The current version in quotes; absent when there is no value.");
                break;
            case "deleteKey":
                AddHeaderParameters(operation, KeyConditions[..1]);
                AddHeader(operation.Responses?["412"], "ETag", "The current version in quotes; absent when there is no value.");
                break;
            case "getKey":
                AddHeaderParameters(operation, [("If-None-Match", "ETags: 304 when the version is one of them.")]);
                AddHeader(operation.Responses?["200"], "ETag", "The version in quotes.");
                if (operation.Responses?["200"] is OpenApiResponse value)
                {
                    value.Description = "The value.";
                    value.Content = Bytes();
                }

                break;
            case "fetchFile" or "probeFile":
                AddFetch(operation, method);
                break;
        }

        var byStatus = operation.Responses?.OrderBy(response => response.Key, StringComparer.Ordinal).ToList() ?? [];
        operation.Responses = [];
        foreach (var (status, response) in byStatus)
        {
            operation.Responses[status] = response;
        }
    }

    private static void AddHeader(IOpenApiResponse? response, string name, string description)
    {
        if (response is OpenApiResponse given)
        {
            given.Headers = new Dictionary<string, IOpenApiHeader>
            {
                [name] = new OpenApiHeader { Description = description, Schema = new OpenApiSchema { Type = JsonSchemaType.String } },
            };
        }
    }

    private static void AddHeaderParameters(OpenApiOperation operation, (string Name, string Description)[] headers)
    {
        foreach (var (name, description) in headers)
        {
            (operation.Parameters ??= []).Add(new OpenApiParameter
            {
                Name = name,
                In = ParameterLocation.Header,
                Description = description,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            });
        }
    }

    private static void AddFetch(OpenApiOperation operation, string? method)
    {
        AddHeaderParameters(operation, FetchHeaders);
        foreach (var (status, response) in operation.Responses ?? [])
        {
            if (status is "200" or "206" && response is OpenApiResponse good)
            {
                good.Description = status is "200" ? "The file." : "The range.";
                good.Content = HttpMethods.IsHead(method ?? "") ? null : Bytes();
                AddHeader(good, "ETag", "The content id in quotes.");
            }
        }
    }

    private static Dictionary<string, OpenApiMediaType> Bytes() => new()
    {
        ["application/octet-stream"] = new() { Schema = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
    };

    private static OpenApiSchema ContentId() => new() { Type = JsonSchemaType.String, Pattern = "^[0-9a-f]{64}$" };

    private static OpenApiSchema Number(int max) => new()
    {
        Type = JsonSchemaType.Integer,
        Format = "int32",
        Minimum = "1",
        Maximum = max.ToString(CultureInfo.InvariantCulture),
        Default = JsonValue.Create(100),
    };

    private static OpenApiSchema OneOf(IEnumerable<string> values) => new()
    {
        Type = JsonSchemaType.String,
        Enum = [.. values.Select(value => (JsonNode)JsonValue.Create(value))],
    };
}
