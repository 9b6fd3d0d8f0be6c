using System.Text.Json;
using System.Text.Json.Serialization;

namespace BigPanda.Functions.Json;

/// <summary>Writes enum values as <c>inSync</c>, <c>firing</c>.</summary>
internal sealed class CamelCaseEnum<T>() : JsonStringEnumConverter<T>(JsonNamingPolicy.CamelCase, allowIntegerValues: false)
    where T : struct, Enum;
