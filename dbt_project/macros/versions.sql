{# What had been loaded by the wanted moment: the variable known_at, or everything. #}
{% macro was_known(loaded_at='loaded_at') -%}
    {%- if var('known_at') -%} {{ loaded_at }} <= cast('{{ var("known_at") }}' as timestamp) {%- else -%} true {%- endif -%}
{%- endmacro %}

{# The latest version of every row of a raw table, as of known_at. #}
{% macro latest_version(relation, key) -%}
    (
        select *
        from (
            select
                *,
                row_number() over (
                    partition by {{ key | join(', ') }} order by loaded_at desc, content_hash desc
                ) as version_rank
            from {{ relation }}
            where {{ was_known() }}
        ) as versions
        where version_rank = 1
    )
{%- endmacro %}

{# One exchange table of all kinds of system; a unit test gives the rows of one kind. #}
{% macro every_system(table) -%}
    {%- for kind in (['files'] if model.resource_type == 'unit_test' else var('kinds')) %}
    select * from {{ ref('stg_' ~ kind ~ '__' ~ table) }}
    {%- if not loop.last %}
    union all
    {%- endif %}
    {%- endfor %}
{%- endmacro %}
