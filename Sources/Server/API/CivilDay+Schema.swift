public import Assessment

extension CivilDay: SchemaDescribing {
    public static var schema: Schema { .date }
}
